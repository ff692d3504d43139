using System.Reflection;
using Runback.Engine.Binding;
using Runback.Engine.Graph;

namespace Runback.Engine.Output;

/// <summary>
/// In what order and under what headings help shows targets and parameters. NUKE has no way to say it, so a build says it by static properties of these names,
/// each a list of a heading and the names below it: <c>HelpTargets</c>, <c>HelpParameters</c>, and <c>HelpOf</c>, which has targets for headings.
/// </summary>
internal sealed class HelpGroups
{
    private const string Rest = "Others";
    private readonly IReadOnlyList<(string Heading, string[] Names)> ofTargets;

    /// <summary>Reads what a build says.</summary>
    /// <exception cref="UsageException">It names something that isn't there.</exception>
    public HelpGroups(NukeBuild build, TargetCatalog targets, ParameterCatalog parameters)
    {
        Targets = Group(Declared(build, "HelpTargets"), targets.Find, targets.All.Where(x => x.Listed), "Targets");
        Parameters = Group(Declared(build, "HelpParameters"), parameters.Find, parameters.All.Where(x => x.Option.Listed), "Parameters");
        ofTargets = Declared(build, "HelpOf");
        foreach (var name in ofTargets.SelectMany(x => x.Names).Where(x => parameters.Find(x) is null))
            throw Unknown(name);
    }

    /// <summary>The listed targets.</summary>
    public IReadOnlyList<(string Heading, IReadOnlyList<ExecutableTarget> Members)> Targets { get; }

    /// <summary>The listed parameters.</summary>
    public IReadOnlyList<(string Heading, IReadOnlyList<Parameter> Members)> Parameters { get; }

    /// <summary>The names of the parameters that matter for a target; null where the build doesn't say.</summary>
    public IReadOnlyList<string>? Of(ExecutableTarget target)
    {
        var found = ofTargets.Where(x => Naming.Plain(x.Heading) == Naming.Plain(target.Name)).ToList();
        return found.Count == 0 ? null : found[0].Names;
    }

    private static (string Heading, string[] Names)[] Declared(NukeBuild build, string name) =>
        build.GetType().GetProperty(name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(null) as (string, string[])[] ?? [];

    private static List<(string, IReadOnlyList<T>)> Group<T>(IReadOnlyList<(string Heading, string[] Names)> declared, Func<string, T?> find, IEnumerable<T> listed, string heading)
        where T : class
    {
        var groups = declared.Select(x => (x.Heading, Members: (IReadOnlyList<T>)[.. x.Names.Select(name => find(name) ?? throw Unknown(name))])).ToList();
        var rest = listed.Except(groups.SelectMany(x => x.Members)).ToList();
        if (rest.Count > 0)
            groups.Add((groups.Count == 0 ? heading : Rest, rest));
        return groups;
    }

    private static UsageException Unknown(string name) => new($"The help of this build names {name}, which it doesn't have.", "correct HelpTargets, HelpParameters or HelpOf");
}
