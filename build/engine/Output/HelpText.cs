using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Runback.Engine.Binding;
using Runback.Engine.Graph;

namespace Runback.Engine.Output;

/// <summary>What <c>--help</c> prints: all of it, or about one target or parameter.</summary>
internal sealed class HelpText(ParameterCatalog parameters, ParameterBinder binder, TargetCatalog targets, NukeBuild build)
{
    /// <summary>The help of the words behind <c>--help</c>; of everything when there are none.</summary>
    /// <exception cref="UsageException">A word is neither target nor parameter.</exception>
    public string For(IReadOnlyList<string> words, bool json)
    {
        var topics = words.Select(x => (Target: targets.Find(x), Parameter: parameters.Find(x), Option: OptionOf(x), Word: x)).ToList();
        foreach (var (target, parameter, option, word) in topics)
        {
            if (target is null && parameter is null && option is null)
            {
                var names = targets.Names.Concat(parameters.Options.Select(x => x.Kebab)).ToList();
                throw new UsageException($"There is no target and no parameter '{word}'.", Nearest.Guess(word, names) + "--help alone lists all");
            }
        }

        if (json)
            return Json([.. topics.Select(x => x.Target).OfType<ExecutableTarget>()], [.. topics.Select(x => x.Parameter).OfType<Parameter>()], topics.Count == 0);
        if (topics.Count == 0)
            return All();
        var text = new StringBuilder();
        foreach (var (target, parameter, option, _) in topics)
        {
            if (target is not null)
                Describe(text, target);
            if (parameter is not null)
                Describe(text, parameter);
            else if (option is not null)
                Describe(text, option);
        }

        return text.ToString();
    }

    /// <summary>The profiles, and the values that come from the environment, where nobody sees them; empty when there are none.</summary>
    public string InForce()
    {
        var variables = parameters.All.Where(x => binder.Origins[x].Kind == OriginKind.Environment)
            .Select(x => $"{binder.Origins[x].Place}={Shown(x, x.Get(build))}").ToList();
        return string.Join("; ", ((IEnumerable<string>)[
            binder.Profiles.Count > 0 ? $"profile: {string.Join(", ", binder.Profiles)}" : "",
            variables.Count > 0 ? $"from the environment: {string.Join(", ", variables)}" : ""]).Where(x => x.Length > 0));
    }

    private Option? OptionOf(string word) => parameters.Options.FirstOrDefault(x => Naming.Plain(x.Name) == Naming.Plain(word.TrimStart('-')));

    private string All()
    {
        var text = new StringBuilder();
        var first = targets.All.FirstOrDefault(x => x.IsDefault)?.Name ?? "Target";
        text.Append("Usage: ./build.sh [target ...] [--option value ...]\n");
        text.Append($"       ./build.sh --help {first}      about one target or parameter\n");
        text.Append($"       ./build.sh {first} --plan      what would run, and why\n\n");

        text.Append("Targets\n");
        var width = targets.All.Where(x => x.Listed).Select(x => NameOf(x).Length).DefaultIfEmpty(0).Max() + 2;
        foreach (var target in targets.All.Where(x => x.Listed))
        {
            text.Append($"  {NameOf(target).PadRight(width)}{target.Description}".TrimEnd()).Append('\n');
            if (target.ExecutionDependencies.Count > 0)
                text.Append(' ', width + 2).Append($"after {string.Join(", ", target.ExecutionDependencies.Select(x => x.Name))}\n");
        }

        text.Append("\nParameters\n");
        foreach (var parameter in parameters.All.Where(x => x.Option.Listed))
            Describe(text, parameter);
        text.Append("\nOptions of every build\n");
        foreach (var option in BuiltInOptions.All.Where(x => parameters.Find(x.Name) is null))
            Describe(text, option);
        text.Append("""

            A value comes from the command line, else the environment (NUKE_NAME, then NAME), else the profiles' .nuke/parameters.NAME.json
            (the last profile first), else .nuke/parameters.json, else it is the default. --name value, --name=value; a list takes all values
            up to the next option (--name a b), or one with each --name=a; so name targets before lists.
            Secrets are kept encrypted in those files by ./build.sh :secrets [profile] (:secrets --help).
            Whatever isn't understood ends with exit code 2, and nothing runs.

            """);
        return text.ToString();
    }

    private static string NameOf(ExecutableTarget target) => target.Name + (target.IsDefault ? " (default)" : "");

    private static void Describe(StringBuilder text, ExecutableTarget target)
    {
        text.Append(NameOf(target)).Append('\n');
        Detail(text, "", target.Description ?? "");
        Detail(text, "depends on: ", Names(target.ExecutionDependencies));
        Detail(text, "runs after: ", Names(target.OrderDependencies));
        Detail(text, "triggered by: ", Names(target.TriggerDependencies));
        Detail(text, "triggers: ", Names(target.Triggers));
        Detail(text, "only when: ", string.Join(" && ", target.Definition.StaticConditions.Concat(target.Definition.DynamicConditions).Select(x => x.Text)));
        Detail(text, "", target.AssuredAfterFailure ? "runs even after a failure" : "");
        Detail(text, "", target.ProceedAfterFailure ? "the run goes on if it fails" : "");

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

    private static void Describe(StringBuilder text, Option option)
    {
        text.Append($"  {option.Kebab}{(option.Kind == OptionKind.Flag ? "" : option.TakesTargets ? " <target> ..." : $" <{option.Kebab[2..]}>")}\n");
        Detail(text, "", option.Description);
        Detail(text, "allowed: ", string.Join(", ", option.Allowed));
    }

    private static void Detail(StringBuilder text, string label, string value)
    {
        if (value.Length > 0)
            text.Append($"      {label}{value}\n");
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
        foreach (var target in all ? targets.All.Where(x => x.Listed) : someTargets)
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
        foreach (var parameter in all ? parameters.All.Where(x => x.Option.Listed) : someParameters)
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
