using Runback.Engine.Binding;
using Runback.Engine.Graph;

namespace Runback.Engine.Running;

/// <summary>The targets that the command line asks for, and those that it leaves out.</summary>
/// <param name="Invoked">In the order of the command line.</param>
/// <param name="Skipped">Null: none; empty: everything that wasn't asked for.</param>
/// <param name="Source">Where the skipped ones stand: <c>--skip</c>, or a variable.</param>
internal sealed record TargetSelection(IReadOnlyList<ExecutableTarget> Invoked, IReadOnlyList<ExecutableTarget>? Skipped, string Source)
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
        return new TargetSelection(invoked, line.ValuesOf(BuiltInOptions.Skip)?.Select(x => Find(x, targets, line, parameters)).ToList(),
            line.Variables.GetValueOrDefault(BuiltInOptions.Skip) ?? BuiltInOptions.Skip.Kebab);
    }

    /// <summary>Refuses to skip what wasn't going to run, or nothing at all: then the words most likely meant something else.</summary>
    /// <exception cref="UsageException">A skipped target is invoked, or isn't in the plan; or none is named, and there is nothing else.</exception>
    public void CheckSkips(ExecutionPlan plan)
    {
        if (Skipped is [] && plan.Targets.All(Invoked.Contains))
            throw new UsageException($"{Source} names no target, and there is nothing else in this run to leave out.",
                $"leave it out, or name targets behind it: {Source} TARGET");
        foreach (var target in Skipped ?? [])
        {
            if (Invoked.Contains(target))
                throw new UsageException($"{target.Name} is both to run and to be skipped.", "name targets before --skip: everything behind it is skipped");
            if (!plan.Targets.Contains(target))
            {
                throw new UsageException($"{Source} {target.Name}: it is not part of this run.",
                    $"this run: {string.Join(", ", plan.Targets.Select(x => x.Name))}; name targets before --skip: everything behind it is skipped");
            }
        }
    }

    /// <summary>Refuses a run of which nothing is left: it would end as done, and nothing would have been done.</summary>
    /// <param name="plan">What is skipped is marked in it.</param>
    /// <exception cref="UsageException">Nothing is left.</exception>
    public void CheckRest(ExecutionPlan plan)
    {
        var working = plan.Targets.Where(x => x.Definition.Actions.Count > 0).ToList();
        if (Skipped is null || working.Count == 0 || working.Any(x => x.Status == ExecutionStatus.Scheduled))
            return;
        throw new UsageException(
            $"{(Skipped.Count > 0 ? Source : $"{Source} without a target leaves out everything that isn't named, and")} leaves nothing to run.",
            $"name what is to be left out of {string.Join(", ", working.Select(x => x.Name))}: {Source} TARGET");
    }

    private static ExecutableTarget Find(string name, TargetCatalog targets, CommandLine line, ParameterCatalog parameters)
    {
        if (targets.Find(name) is { } found)
            return found;
        if (line.AfterFlag is { } after && after.Word == name)
            throw new UsageException($"There is no target '{name}', and {after.Flag.Kebab} takes true or false only.", Nearest.Guess(name, targets.Names) + "allowed: true, false");
        if (BuiltInOptions.Meant(name) is { } option)
            throw new UsageException($"There is no target '{name}'.", $"did you mean {option.Kebab}? targets: {Listed(targets)}");
        var guess = Nearest.Guess(name, targets.All.Where(x => x.Listed).Select(x => x.Name));
        if (guess.Length == 0 && parameters.Find(name) is { } parameter)
            guess = $"did you mean {parameter.Option.Kebab}? ";
        throw new UsageException($"There is no target '{name}'.", $"{guess}targets: {Listed(targets)}");
    }

    private static string Listed(TargetCatalog targets) => string.Join(", ", targets.All.Where(x => x.Listed).Select(x => x.Name));
}
