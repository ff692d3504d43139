using System.Reflection;
using Runback.Engine.Binding;
using Runback.Engine.Graph;

namespace Runback.Engine.Output;

/// <summary>
/// In what order and under what headings help shows targets and parameters. NUKE has no way to say it, so a build says it by static properties of these names,
/// each a list of a heading and the names below it: <c>HelpTargets</c>, <c>HelpParameters</c>, and <c>HelpOf</c>, which has targets for headings.
/// </summary>
internal sealed class HelpGroups(NukeBuild build, TargetCatalog targets, ParameterCatalog parameters)
{
    private const string Rest = "Others";

    /// <summary>The listed targets.</summary>
    /// <exception cref="UsageException">The build names something that isn't there.</exception>
    public IReadOnlyList<Group<ExecutableTarget>> Targets => Groups("HelpTargets", targets.Find, targets.All.Where(x => x.Listed), "Targets");

    /// <summary>The listed parameters.</summary>
    /// <inheritdoc cref="Targets"/>
    public IReadOnlyList<Group<Parameter>> Parameters => Groups("HelpParameters", parameters.Find, parameters.All.Where(x => x.Option.Listed), "Parameters");

    /// <summary>The parameters that matter for a target; null where the build doesn't say.</summary>
    /// <inheritdoc cref="Targets"/>
    public IReadOnlyList<Parameter>? Of(ExecutableTarget target)
    {
        foreach (var (heading, names) in Declared("HelpOf"))
        {
            if (Naming.Plain(heading) == Naming.Plain(target.Name))
                return [.. names.Select(x => parameters.Find(x) ?? throw Unknown(x))];
        }

        return null;
    }

    private (string Heading, string[] Names)[] Declared(string name) =>
        build.GetType().GetProperty(name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(null) as (string, string[])[] ?? [];

    private List<Group<T>> Groups<T>(string name, Func<string, T?> find, IEnumerable<T> listed, string heading)
        where T : class
    {
        // Loops, and a class for a group: queries over tuples are compiled anew at every start.
        var groups = new List<Group<T>>();
        var grouped = new HashSet<T>();
        foreach (var (declared, names) in Declared(name))
        {
            var members = new List<T>();
            foreach (var member in names)
            {
                members.Add(find(member) ?? throw Unknown(member));
                grouped.Add(members[^1]);
            }

            groups.Add(new Group<T>(declared, members));
        }

        var rest = listed.Where(x => !grouped.Contains(x)).ToList();
        if (rest.Count > 0)
            groups.Add(new Group<T>(groups.Count == 0 ? heading : Rest, rest));
        return groups;
    }

    private static UsageException Unknown(string name) => new($"The help of this build names {name}, which it doesn't have.", "correct HelpTargets, HelpParameters or HelpOf");

    /// <summary>What stands below a heading.</summary>
    internal sealed record Group<T>(string Heading, IReadOnlyList<T> Members);
}
