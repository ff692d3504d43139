using Runback.Runbook.Backups;

namespace Runback.Runbook.Status;

/// <summary>A status as lines for people.</summary>
public static class StatusText
{
    private static readonly string[] Details = ["health", "readiness", "pin", "drills", "kept", "held by"];

    /// <summary>What is wrong, and of the rest what tells where one is.</summary>
    public static IEnumerable<string> Brief(DeploymentStatus status) =>
        Lines(status).Where(line => line.StartsWith('!') || !Details.Any(name => line.StartsWith($"  {name} ", StringComparison.Ordinal)));

    /// <summary>The lines, what is wrong marked with an exclamation mark.</summary>
    public static IEnumerable<string> Lines(DeploymentStatus status)
    {
        yield return Line(status.Serves, "deployment", $"{status.Project} {(status.Serves ? "serves" : "does not serve")}");
        foreach (var service in status.Services)
        {
            yield return Line(service.Condition.StartsWith("running", StringComparison.Ordinal) && !service.Condition.Contains("unhealthy", StringComparison.Ordinal),
                service.Service, $"{service.Tag ?? "-"}  {Short(service.Digest)}  {service.Condition}{(service.Restarts > 0 ? $", {service.Restarts} restarts" : "")}{Since(service.StartedAt)}");
        }
        yield return Line(status.Health.StartsWith('2'), "health", status.Health);
        yield return Line(true, "readiness", status.Readiness);
        yield return Line(status is { Revisions.Count: > 0, RevisionsProblem: null }, "database", status.Revisions is { } revisions
            ? $"revision {(revisions.Count == 0 ? "none" : string.Join(", ", revisions))}{(status.RevisionsProblem is { } problem ? $"  ({problem})" : "")}" : "revision unknown: it can't be read");
        yield return Line(status.RunsWhatIsPinned, "pin", status.Pin is null ? "none: a plain `docker compose up` decides by itself what runs"
            : status.Pin + (status.RunsWhatIsPinned ? "" : "  (not what runs: a plain `docker compose up` would exchange it)"));
        yield return Line(status.Backup is not null, "backup", status.Backup is { } backup
            ? $"{Path.GetFileName(backup.File)}, {Bytes.Readable(backup.Bytes)}, verified {backup.Level}, {Age(status.At - backup.TakenAt)} old" : "none that was verified");
        yield return status.RollbackTarget is { } target
            ? Line(target.OnHost || target.Registry == "Pullable", "previous", $"{target.Tag}, verified good {Age(status.At - target.VerifiedAt)} ago; on this host: {(target.OnHost ? "yes" : "no")}; registry: {target.Registry}{(target.Detail is null ? "" : $" ({target.Detail})")}")
            : Line(false, "previous", "no release is known to have verified good before this one: name one with --tag");
        yield return Line(true, "drills", status.Drills ?? "none yet: ./build.sh Drill --beside rehearses a rollback on a copy");
        yield return Line(true, "kept", status.Kept.Count > 0 ? $"{string.Join(", ", status.Kept)}: their images are kept from pruning" : "no image is kept from pruning yet: a release that verifies good will be");
        yield return Line(status.Holder is null, "held by", status.Holder?.ToString() ?? "nobody");
        foreach (var run in status.UnfinishedRuns)
            yield return Line(false, "unfinished", $"run {run}: run the same command again, or ./build.sh Return");
        if (status.Takeover is { } found)
            yield return $"              {found}";
    }

    private static string Line(bool good, string name, string text) => Runs.Narration.Printable($"{(good ? " " : "!")} {name,-11} {text}").ReplaceLineEndings(" ");

    private static string Short(string? digest) => digest is null ? "-" : digest[..Math.Min(digest.Length, 19)];

    private static string Since(DateTimeOffset? at) => at is { } time && time > DateTimeOffset.UnixEpoch ? $", up {Age(DateTimeOffset.UtcNow - time)}" : "";

    private static string Age(TimeSpan age) =>
        age.TotalDays >= 2 ? $"{age.TotalDays:0} days"
        : age.TotalHours >= 2 ? $"{age.TotalHours:0} h"
        : age.TotalMinutes >= 2 ? $"{age.TotalMinutes:0} min"
        : $"{Math.Max(0, age.TotalSeconds):0} s";
}
