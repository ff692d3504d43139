using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.ForwardFixes;
using Runback.Runbook.Processes;
using Runback.Runbook.Rehearsals;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>
/// The runbook's preference (its section 3.2): a migration that gives the target release's code back what it needs, made by the newer image's own Alembic,
/// filled from the verdict, tried on a copy together with both releases, and handed out. Nothing of production is changed.
/// </summary>
/// <param name="context">The run's context.</param>
public sealed class ForwardFixStep(RollbackContext context)
{
    /// <summary>Writes and tries it.</summary>
    /// <exception cref="RunbookException">There is nothing to fix, Alembic refuses, or the fix doesn't work on the copy.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (context is not { Target: { } target, Situation: { } situation, History: { Newer: { } newer, Assessment: { } assessment } history })
            throw RunbookException.Usage("expected Preflight before ForwardFix, found it left out", "leave --skip Preflight out: it reads the migrations");
        if (context.Run.DryRun)
        {
            context.Say("  a migration would be written into the run's folder and tried on a copy of the backup");
            return;
        }
        await RehearsalLeftovers.RemoveAsync(situation.Project.Name, context.Run.Id, cancellation);
        var request = await new RehearseStep(context).RequestAsync(target, situation, history, cancellation);
        await using var stack = await RehearsalStack.OpenAsync(context.Run, request, cancellation);
        var copy = await stack.Pristine.CopyAsync(cancellation);

        var judged = assessment.Revisions.Select(revision => revision.Script.Revision).ToHashSet(StringComparer.Ordinal);
        var plan = FixPlan.For(assessment, [.. newer.Graph.OldestFirst.Where(script => !judged.Contains(script.Revision))], await CatalogReader.ReadAsync(copy, cancellation));
        var options = Options(situation, newer.Image, stack);
        var scaffold = await FixScaffold.CreateAsync(
            new FixScaffoldRequest(options with { Network = null, Environment = [] }, context.Deployment.MigrationsDirectory, newer.Graph.Heads, $"let {target.Tag} run on this schema"),
            context.Run.Shell, stack.Engine, cancellation);
        var text = FixMigration.Fill(scaffold.Text, plan);
        var files = FixScaffold.HandOut(scaffold, text, context.Run.Folder!, context.Request.Output);

        var trial = await new FixTrial(
            (file, arguments, token) => AlembicAsync(options, file, text, arguments, stack.Engine, token),
            async token => [await ProofAsync(target.Tag, request.TargetImage, history.TargetHeads, scaffold, stack, token), await ProofAsync(situation.RunningTag ?? "what runs", newer.Image, newer.Graph.Heads, scaffold, stack, token)])
            .RunAsync(files[0], scaffold.Revision, newer.Graph.Heads, cancellation);
        foreach (var line in ForwardFixText.Lines(plan, files[^1], scaffold.Revision, context.Deployment.MigrationsDirectory, trial))
            context.Say("  " + line);
        context.Run.Result.Kept.Add($"the mending migration: `{files[0]}`");
        if (!trial.Passed || !plan.IsComplete)
        {
            throw RunbookException.Refused(
                plan.IsComplete ? "the fix doesn't work on the copy as it is" : $"the fix isn't complete: {plan.Remaining.Count} reasons of the verdict stay",
                $"complete it by hand: {files[^1]}; nothing was changed");
        }
    }

    private AlembicContainerOptions Options(Situation situation, string image, RehearsalStack stack) =>
        new(image, context.Deployment.AlembicCommand, context.Run.Id, situation.Project.Name)
        {
            Network = stack.Container.Network,
            Environment = [.. stack.Container.Service.Environment],
        };

    private async Task<CommandResult> AlembicAsync(
        AlembicContainerOptions options, string file, string text, IReadOnlyList<string> arguments, EngineApi engine, CancellationToken cancellation)
    {
        await using var container = await AlembicContainer.CreateAsync(options, arguments, context.Run.Shell, engine, cancellation);
        await container.CopyInAsync(context.Deployment.MigrationsDirectory, Path.GetFileName(file), text, cancellation);
        return await container.RunAsync(cancellation);
    }

    private static async Task<FixProof> ProofAsync(string tag, string image, IReadOnlyList<string> heads, ScaffoldedMigration fix, RehearsalStack stack, CancellationToken cancellation)
    {
        var trial = await stack.TryAsync(image, [fix.Revision], cancellation, heads);
        var failed = trial.Checks.Where(check => !check.Passed).Select(check => $"{check.Name}: expected {check.Expected}, found {check.Found}").ToList();
        return new FixProof(tag, trial.Passed, failed.Count == 0 ? string.Join(", ", trial.Checks.Select(check => check.Name)) + " ok" : string.Join("; ", failed));
    }
}
