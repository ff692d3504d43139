using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.ForwardFixes;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Releases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>
/// A migration that failed midway (the runbook's section 3.3): what of it is applied is read from the database, never assumed (trap 23), and the rest runs
/// once nothing is in its way. The application isn't touched.
/// </summary>
/// <param name="context">The run's context.</param>
/// <param name="finder">Finds the release whose migrations they are.</param>
public sealed class UpgradeStep(RollbackContext context, TargetFinder finder)
{
    /// <summary>Says what is applied and what isn't, and runs the rest.</summary>
    /// <exception cref="RunbookException">Something is in the way, or the migration failed again.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        context.Confirmation.ThrowUnlessAnswerable();
        var situation = await context.BeginAsync(cancellation);
        var (tag, digest) = await finder.FindAsync(TagRequest.Parse(context.Request.Tag, ImageReference.Parse(context.Deployment.Image)), situation, cancellation);
        var release = await finder.FetchAsync(tag, digest, cancellation);
        if (release.Prepared is not { } prepared)
        {
            context.Say($"  not read: the image of {tag} isn't on this host, and a dry run pulls nothing");
            return;
        }
        var graph = await new HistoryReader(context.Deployment, context.Engine).GraphAsync(prepared.Image.Id, cancellation);
        if (VersionRows.Fault(situation.Revisions ?? [], graph) is { } fault)
            throw RunbookException.Refused(fault.Found, fault.Hint);
        var server = await PostgresServer.OfAsync(context.Deployment, context.Run.Shell, cancellation);
        var found = InterruptedMigration.Assess(graph, situation.Revisions ?? [], await CatalogReader.ReadAsync(server, cancellation));
        foreach (var line in found.Lines())
            context.Say("  " + line);
        if (found.Missing.Count == 0)
            return;
        if (!found.CanRetry)
        {
            throw RunbookException.Refused(
                $"expected nothing in the way of {tag}'s migrations, found what has to be done first: {string.Join("; ", found.Changes.Select(change => change.Todo).OfType<string>().Concat(found.InvalidIndexes.Select(index => $"the invalid index {index}")).Take(3))}",
                "do what is named above by hand, then run the same command again");
        }
        await context.Confirmation.AskAsync(
            $"{found.Missing.Count} migrations of {tag} will be run on {context.Deployment.Database} of {situation.Project.Name}; {situation.RunningTag} serves meanwhile.", null, cancellation);
        await UpgradeAsync(release, graph.Heads, server, cancellation);
    }

    private async Task UpgradeAsync(TargetRelease release, IReadOnlyList<string> heads, PostgresServer server, CancellationToken cancellation)
    {
        context.BeginChanging(context.Situation!.Pin);
        var compose = new Compose(context.Deployment).Under(release.PinValue);
        var service = context.Deployment.ServingServices.FirstOrDefault(context.Deployment.Services[0]);
        try
        {
            foreach (var head in heads)
                await context.Run.Shell.ChangeAsync(compose.RunOnce(service, [], [.. context.Deployment.AlembicCommand, "upgrade", head]), cancellation);
        }
        finally
        {
            if (!context.Run.DryRun)
                context.MovedTo = (await AlembicVersion.ReadAsync(server, CancellationToken.None)).Revisions;
        }
        if (context.Run.DryRun)
            return;
        var reached = context.MovedTo!.ToHashSet(StringComparer.Ordinal).SetEquals(heads);
        context.Run.Result.Database = new DatabaseRecord(context.Situation.Revisions, context.MovedTo);
        if (!reached)
            throw new RunbookException($"expected the database at {string.Join(", ", heads)}, found it at {string.Join(", ", context.MovedTo!)}", "see the output of alembic in the transcript", Outcome.Failed);
        context.Verified = true;
        context.Say($"  the database is at {string.Join(", ", heads)}: deploy {release.Tag} as always");
    }
}
