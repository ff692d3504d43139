using Runback.Runbook.Backups;

namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>There is a backup that fits the target release: it has the release's migrations, and none that would hurt it. It is announced here, and no other is restored.</summary>
public sealed class RestorePointGate : IGate
{
    /// <inheritdoc/>
    public string Name => "restore point";

    /// <inheritdoc/>
    public bool Concerns(Course course) => course == Course.Restore;

    /// <inheritdoc/>
    public Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation) => Task.FromResult(Judge(context.Restore));

    /// <summary>Judges what was decided.</summary>
    internal GateResult Judge(RestoreChoice? choice) => choice switch
    {
        { Placed: { } placed } => new GateResult(Name, true,
            $"{placed.Dump} is in the database's place already, by run {placed.Run}{(placed.Kept is { } kept ? $"; the database as it was is kept as {kept}" : "")}"),
        { Point: { Sha256: null } damaged } => new GateResult(Name, false,
            $"expected the checksum of {Path.GetFileName(damaged.Backup.File)} in {ChecksumFile.PathOf(damaged.Backup.File)}, found none that can be read",
            "without it nobody can tell whether the dump is what was written: name another dump with --point"),
        { Point: { } point } => new GateResult(Name, true, string.Join("; ",
            [$"{point.Backup.File}, taken {point.Backup.At:yyyy-MM-dd HH:mm:ss} UTC, at {string.Join(", ", point.Backup.Facts?.Revisions ?? ["an unknown revision"])}", .. point.Warnings])),
        { Problem: { } problem } => new GateResult(Name, false, problem.Message, problem.Hint),
        _ => new GateResult(Name, false, "expected a backup to restore, found that none was looked for", "name one with --point"),
    };
}
