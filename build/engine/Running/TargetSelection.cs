using Runback.Engine.Binding;
using Runback.Engine.Graph;

namespace Runback.Engine.Running;

/// <summary>The targets that the command line asks for, and those that it leaves out.</summary>
/// <param name="Invoked">In the order of the command line.</param>
/// <param name="Skipped">Null: none; empty: everything that wasn't asked for.</param>
internal sealed record TargetSelection(IReadOnlyList<ExecutableTarget> Invoked, IReadOnlyList<ExecutableTarget>? Skipped)
{
    /// <summary>Finds them by name.</summary>
    /// <exception cref="UsageException">A name is unknown, or there is none and no default.</exception>
    public static TargetSelection Of(CommandLine line, TargetCatalog targets, ParameterCatalog parameters)
    {
        var named = line.Words.Select(x => Find(x, targets, line, parameters))
            .Concat((line.ValuesOf(BuiltInOptions.Target) ?? []).Select(x => Find(x, targets, line, parameters))).Distinct().ToList();
        var invoked = named.Count > 0 ? named : [.. targets.All.Where(x => x.IsDefault)];
        if (invoked.Count == 0)
            throw new UsageException("No target is named, and there is no default.", $"targets: {Listed(targets)}");
        return new TargetSelection(invoked, line.ValuesOf(BuiltInOptions.Skip)?.Select(x => Find(x, targets, line, parameters)).ToList());
    }

    /// <summary>Refuses to skip what wasn't going to run: then the words most likely meant something else.</summary>
    /// <exception cref="UsageException">A skipped target is invoked, or isn't in the plan.</exception>
    public void CheckSkips(ExecutionPlan plan)
    {
        foreach (var target in Skipped ?? [])
        {
            if (Invoked.Contains(target))
                throw new UsageException($"{target.Name} is both to run and to be skipped.", "name targets before --skip: everything behind it is skipped");
            if (!plan.Targets.Contains(target))
            {
                throw new UsageException($"--skip {target.Name}: it is not part of this run.",
                    $"this run: {string.Join(", ", plan.Targets.Select(x => x.Name))}; name targets before --skip: everything behind it is skipped");
            }
        }
    }

    private static ExecutableTarget Find(string name, TargetCatalog targets, CommandLine line, ParameterCatalog parameters)
    {
        if (targets.Find(name) is { } found)
            return found;
        if (line.AfterFlag is { } after && after.Word == name)
            throw new UsageException($"There is no target '{name}', and {after.Flag.Kebab} takes true or false only.", Nearest.Guess(name, targets.Names) + "allowed: true, false");
        var guess = Nearest.Guess(name, targets.All.Where(x => x.Listed).Select(x => x.Name));
        if (guess.Length == 0 && parameters.Find(name) is { } parameter)
            guess = $"did you mean {parameter.Option.Kebab}? ";
        throw new UsageException($"There is no target '{name}'.", $"{guess}targets: {Listed(targets)}");
    }

    private static string Listed(TargetCatalog targets) => string.Join(", ", targets.All.Where(x => x.Listed).Select(x => x.Name));
}
