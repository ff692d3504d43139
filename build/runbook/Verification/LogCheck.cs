using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification.Logs;

namespace Runback.Runbook.Verification;

/// <summary>
/// The app services' logs since their containers' start hold nothing that the profile's patterns forbid. How they differ from the time before is told;
/// a new error fails nothing by itself (trap 21).
/// </summary>
public sealed class LogCheck : ICheck
{
    private const int MostWarnings = 5;

    /// <inheritdoc/>
    public string Name => "logs";

    /// <inheritdoc/>
    public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
    {
        // As long as the containers are watched anyway.
        if (context.ExchangedAt is { } exchanged && context.SettleTime - (DateTimeOffset.UtcNow - exchanged) is { } left && left > TimeSpan.Zero)
            await Task.Delay(left < context.SettleTime ? left : context.SettleTime, cancellation);
        var logs = await new LogReader(context.Secrets).ReadAsync(context.Deployment, context.Project, context.Engine, context.Logs.Window, cancellation);
        if (logs.Count == 0)
            return null;
        var since = logs.Min(log => log.Since);
        var before = context.LogsBefore ?? LogBaseline.Find(context.Deployment.StatePath, logs, since);
        return Judge(context, logs, before, DateTimeOffset.UtcNow - since);
    }

    internal CheckRecord Judge(VerificationContext context, IReadOnlyList<ContainerLog> logs, LogBaseline? before, TimeSpan time)
    {
        var groups = LogBaseline.Grouped(logs, context.Logs);
        var changes = LogChanges.Between(before is { IsKnown: true } ? before.Groups(context.Logs) : null, before?.Time ?? TimeSpan.Zero, groups, time);
        context.LogsCompared(changes);
        var forbidden = Forbidden(logs, context.Logs);
        var problems = logs.Where(log => log.Problem is not null).Select(log => $"the log of {log.Service} can't be read: {log.Problem}").ToList();
        var warnings = changes.Warnings.ToList();
        return new CheckRecord(
            Name, forbidden.Count == 0,
            context.Logs.Fail.Count == 0 ? "nothing in particular: no --log-fail pattern is given" : $"none of {string.Join(", ", context.Logs.Fail)}",
            forbidden.Count > 0 ? string.Join("; ", forbidden.Take(MostWarnings)) : Summary(groups, changes),
            forbidden.Count == 0 ? null : $"see {new Compose(context.Deployment).Logs(context.Deployment.Services)}")
        {
            Warnings = [.. problems, .. warnings.Take(MostWarnings), .. warnings.Count > MostWarnings ? [$"and {warnings.Count - MostWarnings} more kinds of errors"] : (IEnumerable<string>)[]],
        };
    }

    private static List<string> Forbidden(IReadOnlyList<ContainerLog> logs, LogOptions options) =>
    [
        .. logs.SelectMany(log => log.Events.Select(happened => (log.Service, Event: happened, Pattern: options.Fail.FirstIn(happened.Text))))
            .Where(one => one.Pattern is not null && options.Ignore.FirstIn(one.Event.Text) is null)
            .GroupBy(one => (one.Service, Shape: LogShape.Of(one.Event)))
            .Select(group => $"{group.Key.Service}, {group.Count()} times `{group.First().Pattern}`: {LogGroup.SampleOf(group.First().Event)}"),
    ];

    private static string Summary(IReadOnlyList<LogGroup> groups, LogChanges changes)
    {
        var kinds = changes.Changes.GroupBy(change => change.Kind).OrderBy(group => group.Key).Select(group => $"{group.Count()} {(group.Key == LogChangeKind.Seen ? "of errors" : group.Key.ToString().ToLowerInvariant())}").ToList();
        return $"{groups.Sum(group => group.Count)} events of {groups.Count} kinds in {changes.AfterSeconds:0} s"
            + (changes.BeforeSeconds is { } before ? $", against {before:0} s before: {(kinds.Count == 0 ? "no change" : string.Join(", ", kinds))}" : kinds.Count == 0 ? "" : $", {string.Join(", ", kinds)}");
    }
}
