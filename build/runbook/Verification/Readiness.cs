using System.Text.Json;
using System.Text.Json.Nodes;

namespace Runback.Runbook.Verification;

/// <summary>One check of the application's readiness payload.</summary>
/// <param name="Name">Its name: db, migrations, jobs, …</param>
/// <param name="Ok">Whether it passed.</param>
/// <param name="Message">What the application says of it.</param>
public sealed record ReadinessItem(string Name, bool Ok, string? Message);

/// <summary>
/// What the ready path answered, read from its payload: <c>{"ok", "checks":[{"name","ok","detail":{…}}]}</c>. The status alone can't be
/// used: after a correct rollback that keeps newer migrations it is 503 (trap 3).
/// </summary>
/// <param name="Probe">The request and its answer.</param>
/// <param name="Checks">The payload's checks; empty when the payload isn't of that shape.</param>
/// <param name="CurrentVersion">The database's revision as the application sees it, or null.</param>
/// <param name="ExpectedHeads">The heads in the application's own image, as it says.</param>
/// <param name="Problem">What is wrong with the payload's shape, or null.</param>
public sealed record Readiness(
    ProbeResult Probe, IReadOnlyList<ReadinessItem> Checks, string? CurrentVersion, IReadOnlyList<string> ExpectedHeads, string? Problem)
{
    private const string Migrations = "migrations";

    /// <summary>The workers' sign of life, or null when the payload has none.</summary>
    public Heartbeat? Heartbeat { get; init; }

    /// <summary>Whether every check passed, and the status says nothing else.</summary>
    public bool IsReady => Problem is null && Probe.IsSuccess && Checks.Count > 0 && Checks.All(check => check.Ok);

    /// <summary>The checks other than migrations that failed.</summary>
    public IEnumerable<ReadinessItem> OtherFailures => Checks.Where(check => !check.Ok && check.Name != Migrations);

    /// <summary>
    /// Whether the application is ready, or is unready for the one reason that is expected after a rollback that keeps the newer schema: its
    /// migrations check fails, the database is exactly at the kept revision, and everything else passes (trap 3).
    /// </summary>
    /// <param name="kept">The revisions that the database is meant to hold.</param>
    /// <param name="targetHeads">The heads in the target release's image, or empty when they couldn't be read.</param>
    public bool IsReadyWith(IReadOnlyCollection<string> kept, IReadOnlyCollection<string> targetHeads) =>
        IsReady
        || (Problem is null && Checks.Any(check => check.Name == Migrations && !check.Ok) && !OtherFailures.Any()
            && CurrentVersion is not null && kept.Contains(CurrentVersion, StringComparer.Ordinal)
            && (targetHeads.Count == 0 || ExpectedHeads.Count == 0 || ExpectedHeads.ToHashSet(StringComparer.Ordinal).SetEquals(targetHeads)));

    /// <summary>The answer in a line.</summary>
    public string Found => Problem is not null
        ? $"{Probe.Found}; {Problem}"
        : $"{Probe.Found}; {string.Join(", ", Checks.Select(check => $"{check.Name}: {(check.Ok ? "ok" : check.Message ?? "not ok")}"))}";

    /// <summary>Reads the payload.</summary>
    public static Readiness From(ProbeResult probe)
    {
        if (probe.Status is null)
            return Unreadable(probe, "no payload");
        if (probe.Status is >= 300 and < 400)
            return Unreadable(probe, "a redirect has no readiness payload: is the base URL right?");
        try
        {
            return Read(probe, JsonNode.Parse(probe.Body) as JsonObject);
        }
        catch (JsonException)
        {
            return Unreadable(probe, $"the body is {probe.ContentType ?? "of no type"}, not JSON");
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            return Unreadable(probe, "the JSON isn't a readiness payload");
        }
    }

    private static Readiness Read(ProbeResult probe, JsonObject? payload)
    {
        if (payload?["checks"] is not JsonArray { Count: > 0 } array)
            return Unreadable(probe, "the JSON has no `checks`");
        var checks = new List<ReadinessItem>();
        string? current = null;
        List<string> heads = [];
        Heartbeat? heartbeat = null;
        foreach (var item in array.OfType<JsonObject>())
        {
            var name = Text(item["name"]);
            var detail = item["detail"] as JsonObject;
            checks.Add(new ReadinessItem(name, item["ok"]?.GetValue<bool>() ?? false, detail?["message"]?.GetValue<string>()));
            heartbeat ??= HeartbeatIn(detail);
            if (name != Migrations || detail is null)
                continue;
            current = detail["current_version"]?.GetValue<string>();
            heads = detail["expected_heads"] is JsonArray many ? [.. many.Select(Text)] : [];
            if (heads.Count == 0 && detail["expected_head"]?.GetValue<string>() is { } head)
                heads = [head];
        }
        return checks.Count == array.Count
            ? new Readiness(probe, checks, current, heads, null) { Heartbeat = heartbeat }
            : Unreadable(probe, "a check in the JSON isn't an object");
    }

    private static Heartbeat? HeartbeatIn(JsonObject? detail) =>
        Seconds(detail?["age_seconds"]) is { } age && Seconds(detail?["threshold_seconds"]) is { } threshold ? new Heartbeat(age, threshold) : null;

    private static TimeSpan? Seconds(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<double>(out var seconds) && Math.Abs(seconds) < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : null;

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? throw new InvalidOperationException("a text is missing");

    private static Readiness Unreadable(ProbeResult probe, string problem) => new(probe, [], null, [], problem);
}
