using Runback.Runbook.Backups;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Releases;
using Runback.Runbook.Reports;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Status;

/// <summary>Reads a deployment's status; it changes nothing and takes no lock.</summary>
/// <param name="deployment">The deployment.</param>
/// <param name="catalog">The releases of its image.</param>
public sealed class StatusReader(Deployment deployment, ReleaseCatalog catalog)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="Runs.RunbookException">The compose files or the engine can't be read.</exception>
    public async Task<DeploymentStatus> ReadAsync(CancellationToken cancellation)
    {
        using var engine = new EngineApi();
        using var probe = new HttpProbe();
        return await ReadAsync(await new Observer(deployment, engine, probe, Shell.Quiet).ObserveAsync(cancellation), engine, cancellation);
    }

    /// <summary>Reads it, where the deployment was observed already.</summary>
    /// <param name="situation">What was observed.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal async Task<DeploymentStatus> ReadAsync(Situation situation, EngineApi engine, CancellationToken cancellation)
    {
        var history = Ledger.Of(deployment).Read();
        var previous = history.Previous(situation.Running);
        var holder = await DeploymentLock.HolderAsync(engine, situation.Project.Name, cancellation);
        var unfinished = UnfinishedRun.Records(deployment.StatePath).Where(run => run.Id != holder?.Run).ToList();
        return new DeploymentStatus
        {
            At = situation.At,
            Project = situation.Project.Name,
            Services = [.. situation.Services.Select(Service)],
            Health = situation.Health.Found,
            Readiness = situation.Readiness.Found,
            Serves = situation.Serves,
            Revisions = situation.Revisions,
            RevisionsProblem = await new HistoryReader(deployment, engine).FaultAsync(situation.Revisions ?? [], situation, null, history, cancellation) is { } fault
                ? $"{fault.Found}; hint: {fault.Hint}" : null,
            Pin = situation.Pin,
            RunsWhatIsPinned = situation.RunsWhatIsPinned,
            Backup = Backup(),
            RollbackTarget = previous is null ? null : await TargetAsync(previous, engine, cancellation),
            Drills = DrillLine.RecentOf(deployment.StatePath),
            Kept = [.. (await ReleaseKeeper.KeptAsync(engine, situation.Project.Name, cancellation)).Select(container => container.Labels[Labels.Keeps]).Distinct(StringComparer.Ordinal)],
            Holder = holder,
            UnfinishedRuns = [.. unfinished.Select(run => run.Id)],
            Takeover = unfinished.Count == 0 ? null : (await Takeover.ReadAsync(unfinished, situation, deployment, Shell.Quiet, cancellation)).Paragraph(deployment.Database),
        };
    }

    private static ServiceStatus Service(ServiceState state) => new(
        state.Service, state.Tag, state.Identity, state.Container?.Condition ?? "no container", state.Container?.Restarts ?? 0, state.Container?.StartedAt);

    private BackupStatus? Backup() => BackupCatalog.LatestVerified(deployment.BackupPath, deployment.Database) is { Facts.Verified: { } verified } backup
        ? new BackupStatus(backup.File, backup.At, backup.Bytes, verified.Level.ToString())
        : null;

    private async Task<RollbackTarget> TargetAsync(VerifiedGood previous, EngineApi engine, CancellationToken cancellation)
    {
        var digest = previous.Digests.Values.Select(value => Digest.TryParse(value, out var parsed) ? parsed : null).FirstOrDefault(value => value is not null);
        var reference = digest is null ? deployment.Reference(previous.Tag) : $"{deployment.Image}@{digest}";
        var onHost = await engine.ImageAsync(reference, cancellation) is not null;
        var registry = await catalog.CheckAsync(Tag.Parse(previous.Tag), digest, cancellation);
        return new RollbackTarget(previous.Tag, previous.At, onHost, registry.State.ToString(), registry.Detail);
    }
}
