using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Runback.Engine.Binding;
using Runback.Engine.Graph;

namespace Runback.Engine.Output;

/// <summary>What <c>--help</c> prints: a screen of targets, all there is, or about one target or parameter.</summary>
internal sealed class HelpText(ParameterCatalog parameters, ParameterBinder binder, TargetCatalog targets, NukeBuild build, CommandLine line, Func<int> screen)
{
    private const string Everything = "all";
    private HelpGroups? groups;
    private int? columns;

    private HelpGroups Groups => groups ??= new HelpGroups(build, targets, parameters);

    private int Columns => columns ??= screen();

    /// <summary>The help of the words behind <c>--help</c>; of the targets when there are none.</summary>
    /// <exception cref="UsageException">A word is neither target nor parameter.</exception>
    public string For(IReadOnlyList<string> words, bool json)
    {
        var all = words.Count == 1 && Naming.Plain(words[0]) == Everything && targets.Find(Everything) is null && parameters.Find(Everything) is null;
        var topics = all ? [] : words.Select(x => (Target: targets.Find(x), Parameter: parameters.Find(x), Option: OptionOf(x), Word: x)).ToList();
        foreach (var (target, parameter, option, word) in topics)
        {
            if (target is null && parameter is null && option is null)
            {
                var names = targets.All.Where(x => x.Listed).Select(x => x.Name).Concat(parameters.Options.Select(x => x.Kebab)).ToList();
                throw new UsageException($"There is no target and no parameter '{word}'.", Nearest.Guess(word, names) + "--help alone lists the targets, --help all everything");
            }
        }

        if (json)
            return Json([.. topics.Select(x => x.Target).OfType<ExecutableTarget>()], [.. topics.Select(x => x.Parameter).OfType<Parameter>()], topics.Count == 0);
        if (topics.Count == 0)
            return all ? All() : Screen();
        var text = new StringBuilder();
        foreach (var (target, parameter, option, _) in topics)
        {
            if (target is not null)
                DescribeWhole(text, target);
            if (parameter is not null)
                Describe(text, parameter);
            else if (option is not null)
                Describe(text, option);
        }

        return text.ToString();
    }

    /// <summary>The profiles, the values that come from the environment, where nobody sees them, and what there was not read; empty when there is nothing of it.</summary>
    public string InForce()
    {
        var variables = line.Variables.Select(x => $"{x.Value}={string.Join('+', line.ValuesOf(x.Key)!)}")
            .Concat(parameters.All.Where(x => binder.Origins[x].Kind == OriginKind.Environment).Select(x => $"{binder.Origins[x].Place}={Shown(x, x.Get(build))}")).ToList();
        var unread = binder.Unread.Select(x => x.Variable).ToList();
        return string.Join("; ", ((IEnumerable<string>)[
            binder.Profiles.Count > 0 ? $"profile: {string.Join(", ", binder.Profiles)}" : "",
            variables.Count > 0 ? $"from the environment: {string.Join(", ", variables)}" : "",
            unread.Count > 0 ? $"not read from the environment without the prefix {VariableNames.Prefix}: {string.Join(", ", unread)}" : ""]).Where(x => x.Length > 0));
    }

    private Option? OptionOf(string word) => parameters.Options.FirstOrDefault(x => Naming.Plain(x.Name) == Naming.Plain(word.TrimStart('-')));

    private string Screen()
    {
        var text = new StringBuilder("Usage: ./build.sh [target ...] [--option value ...]\n");
        var names = targets.All.Where(x => x.Listed).Select(x => NameOf(x).Length).DefaultIfEmpty(0).Max() + 2;
        foreach (var (heading, members) in Groups.Targets)
        {
            text.Append('\n').Append(heading).Append('\n');
            foreach (var target in members)
                text.Append($"  {NameOf(target).PadRight(names)}{Short(target.Description ?? "", Columns - names - 2)}".TrimEnd()).Append('\n');
        }

        var first = targets.All.FirstOrDefault(x => x.IsDefault)?.Name ?? "TARGET";
        var width = $"--help {first}".Length + 2;
        text.Append($"\n  ./build.sh {$"--help {first}".PadRight(width)}what a target does, and its parameters\n");
        text.Append($"  ./build.sh {"--help all".PadRight(width)}every parameter, and where its value comes from\n");
        text.Append($"  ./build.sh {$"{first} --plan".PadRight(width)}what would run, in order, and why\n");
        text.Append($"  ./build.sh {"--version".PadRight(width)}which version this is\n");
        return text.ToString();
    }

    /// <summary>As much of a description as fits into a line: its first sentence where that does.</summary>
    private static string Short(string description, int room)
    {
        if (description.Length <= room)
            return description;
        var beginning = description[..Math.Max(1, room)];
        var end = beginning.LastIndexOfAny([';', ':']);
        // Half a line says more than a first word and a colon.
        return end >= room / 3 ? beginning[..end] : beginning[..Math.Max(0, beginning.LastIndexOf(' '))].TrimEnd(',') + "…";
    }

    private string All()
    {
        var text = new StringBuilder("Usage: ./build.sh [target ...] [--option value ...]\n");
        foreach (var (heading, members) in Groups.Targets)
        {
            text.Append('\n').Append(heading).Append('\n');
            foreach (var target in members)
            {
                text.Append($"  {NameOf(target)}\n");
                Detail(text, "", target.Description ?? "");
                Detail(text, "after ", string.Join(", ", target.ExecutionDependencies.Select(x => x.Name)));
            }
        }

        foreach (var (heading, members) in Groups.Parameters)
        {
            text.Append('\n').Append(heading).Append('\n');
            foreach (var parameter in members)
                Describe(text, parameter);
        }

        text.Append("\nOptions of every build\n");
        foreach (var option in BuiltInOptions.All.Where(x => parameters.Find(x.Name) is null))
            Describe(text, option);
        text.Append("""

            A value comes from the command line, else the environment (NUKE_NAME), else the profiles' .nuke/parameters.NAME.json (the last
            profile first), else .nuke/parameters.json, else it is the default. --name value, --name=value; a list takes all values up to the
            next option (--name a b), or one with each --name=a; so name targets before lists.
            Variables of several words are also read without NUKE_ (DRY_RUN), but for those that other programs use and those that accept
            something. A flag takes true or false, 1 or 0, yes or no.
            Secrets are kept encrypted in those files by ./build.sh :secrets [profile] (:secrets --help).
            Whatever isn't understood ends with exit code 2, and nothing runs.

            """);
        return text.ToString();
    }

    private static string NameOf(ExecutableTarget target) => target.Name + (target.IsDefault ? " (default)" : "");

    private void DescribeWhole(StringBuilder text, ExecutableTarget target)
    {
        text.Append(NameOf(target)).Append('\n');
        Detail(text, "", target.Description ?? "");
        Detail(text, "depends on: ", Names(target.ExecutionDependencies));
        Detail(text, "runs after: ", Names(target.OrderDependencies));
        Detail(text, "triggered by: ", Names(target.TriggerDependencies));
        Detail(text, "triggers: ", Names(target.Triggers));
        Detail(text, "only when: ", Condition.Words(target.Definition.StaticConditions.Concat(target.Definition.DynamicConditions)));
        Detail(text, "", target.AssuredAfterFailure ? "runs even after a failure" : "");
        Detail(text, "", target.ProceedAfterFailure ? "the run goes on if it fails" : "");
        if (Groups.Of(target) is { } members)
        {
            text.Append('\n');
            foreach (var parameter in members)
                Describe(text, parameter);
            text.Append("\n  every other parameter: ./build.sh --help all\n");
        }

        static string Names(IEnumerable<ExecutableTarget> targets) => string.Join(", ", targets.Select(x => x.Name));
    }

    private void Describe(StringBuilder text, Parameter parameter)
    {
        var placeholder = parameter.Option.Kind == OptionKind.Flag ? "" : $" <{parameter.TypeName}>{(parameter.IsList ? " ..." : "")}";
        text.Append($"  {parameter.Option.Kebab}{placeholder}{(parameter.IsRequired ? "  (required)" : "")}\n");
        Detail(text, "", parameter.Description);
        if (parameter.ElementType != typeof(bool))
            Detail(text, "allowed: ", string.Join(", ", parameter.AllowedFor(build)));
        var origin = binder.Origins[parameter];
        var initial = Shown(parameter, binder.Defaults[parameter]);
        Detail(text, "default: ", initial.Length > 0 ? initial : "none");
        if (origin.Kind != OriginKind.Default)
            Detail(text, "now: ", $"{Now(parameter)}  (from {origin})");
    }

    private void Describe(StringBuilder text, Option option)
    {
        text.Append($"  {option.Kebab}{(option.Kind == OptionKind.Flag ? "" : option.TakesTargets ? " <target> ..." : $" <{option.Kebab[2..]}>")}\n");
        Detail(text, "", option.Description);
        Detail(text, "allowed: ", string.Join(", ", option.Allowed));
    }

    /// <summary>Adds an indented line, or several where it is longer than the screen is wide.</summary>
    private void Detail(StringBuilder text, string label, string value)
    {
        if (value.Length == 0)
            return;
        const int Indent = 6;
        var rest = label + value;
        while (Indent + rest.Length > Columns && rest.LastIndexOf(' ', Columns - Indent) is > 2 and var space)
        {
            text.Append(' ', Indent).Append(rest, 0, space).Append('\n');
            rest = "  " + rest[(space + 1)..];
        }

        text.Append(' ', Indent).Append(rest).Append('\n');
    }

    private string Now(Parameter parameter) => binder.Origins[parameter].IsSealed ? "***" : Shown(parameter, parameter.Get(build));

    private static string Shown(Parameter parameter, object? value) => value switch
    {
        null => "",
        _ when parameter.IsSecret => "***",
        Array array => string.Join(", ", array.Cast<object>().Select(x => Shown(parameter, x))),
        bool on => on ? "true" : "false",
        // Whatever the parameter is called, the user and password in an address are nobody's to read.
        _ => Regex.Replace(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", "(?<=://)[^/@]*(?=@)", "***"),
    };

    private string Json(IReadOnlyList<ExecutableTarget> someTargets, IReadOnlyList<Parameter> someParameters, bool all) => JsonDocuments.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("targets");
        foreach (var target in all ? Groups.Targets.SelectMany(x => x.Members) : someTargets)
        {
            writer.WriteStartObject();
            writer.WriteString("name", target.Name);
            writer.WriteString("description", target.Description);
            writer.WriteBoolean("default", target.IsDefault);
            writer.WriteStartArray("dependsOn");
            foreach (var dependency in target.ExecutionDependencies)
                writer.WriteStringValue(dependency.Name);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("parameters");
        foreach (var parameter in all ? Groups.Parameters.SelectMany(x => x.Members) : someParameters)
        {
            writer.WriteStartObject();
            writer.WriteString("name", parameter.Name);
            writer.WriteString("option", parameter.Option.Kebab);
            writer.WriteString("description", parameter.Description);
            writer.WriteString("type", parameter.TypeName);
            writer.WriteBoolean("list", parameter.IsList);
            writer.WriteBoolean("secret", parameter.IsSecret);
            writer.WriteBoolean("required", parameter.IsRequired);
            writer.WriteStartArray("allowed");
            foreach (var allowed in parameter.AllowedFor(build))
                writer.WriteStringValue(allowed);
            writer.WriteEndArray();
            writer.WriteString("default", Shown(parameter, binder.Defaults[parameter]));
            writer.WriteString("value", Now(parameter));
            writer.WriteString("from", binder.Origins[parameter].ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
