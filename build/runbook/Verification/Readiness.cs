using System.Text.Json;
using System.Text.Json.Nodes;

namespace Runback.Runbook.Verification;

/// <summary>One check of the application's readiness payload.</summary>
/// <param name="Name">Its name: db, migrations, jobs, …</param>
/// <param name="Ok">Whether it passed.</param>
/// <param name="Message">What the application says of it.</param>
public sealed record ReadinessItem(string Name, bool Ok, string? Message);

/// <summary>
/// What the ready path answered. A payload of the known shape, <c>{"ok", "checks":[{"name","ok","detail":{…}}]}</c>, or one that the profile maps, tells why an
/// application is unready: after a correct rollback that keeps newer migrations it is, with 503 (trap 3). Of any other answer the status alone counts, unless its text
/// says otherwise.
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
    private const string Ready = "ready";
    private const int LongestWord = 40;

    // What a status of 200 doesn't outweigh, as health endpoints write it (Spring Boot Actuator; health+json, draft-inadarei-api-health-check).
    private static readonly string[] Denials =
        ["down", "fail", "failed", "failing", "failure", "error", "unhealthy", "unavailable", "out_of_service", "not ready", "not_ready", "notready", "starting", "ko", "false", "no"];

    private static readonly string[] Verdicts = ["ok", "ready", "healthy", "success", "status", "state", "result"];

    /// <summary>The workers' sign of life, or null when the payload has none.</summary>
    public Heartbeat? Heartbeat { get; init; }

    /// <summary>Whether its status alone was looked at: its payload isn't of a known shape.</summary>
    public bool IsByStatus { get; init; }

    /// <summary>Whether the application has no ready path.</summary>
    public bool IsNone { get; init; }

    /// <summary>What stands for the answer of an application that has no ready path.</summary>
    public static Readiness None { get; } =
        new(new ProbeResult(new Uri("http://none"), 200, "", null, null, TimeSpan.Zero), [new ReadinessItem(Ready, true, null)], null, [], null) { IsNone = true };

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
    public string Found => IsNone ? "not asked: there is no ready path"
        : IsByStatus ? $"{Probe.Found}, by its status alone{(Checks[0].Message is { } said ? $"; it says {said}" : "")}"
        : Problem is not null
        ? $"{Probe.Found}; {Problem}"
        : $"{Probe.Found}; {string.Join(", ", Checks.Select(check => $"{check.Name}: {(check.Ok ? "ok" : check.Message ?? "not ok")}"))}";

    /// <summary>Asks a deployment's ready path.</summary>
    /// <param name="probe">The way to the application.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="address">Where the application is.</param>
    /// <param name="limit">How long an answer may take.</param>
    /// <param name="cancellation">Ends the asking.</param>
    public static async Task<Readiness> AskAsync(HttpProbe probe, Deployments.Deployment deployment, Uri address, TimeSpan limit, CancellationToken cancellation) =>
        deployment.ReadyPath is { } path ? From(await probe.GetAsync(new Uri(address, path), limit, cancellation), deployment.ReadyMapping) : None;

    /// <summary>Reads the payload.</summary>
    /// <param name="probe">The answer.</param>
    /// <param name="mapping">Where its JSON says what, when it isn't of the known shape.</param>
    public static Readiness From(ProbeResult probe, ReadyMapping? mapping = null)
    {
        if (probe.Status is null)
            return Unreadable(probe, "no payload");
        if (probe.Status is >= 300 and < 400)
            return Unreadable(probe, "a redirect has no readiness payload: is the base URL right?");
        try
        {
            var payload = JsonNode.Parse(probe.Body);
            if (mapping is { IsEmpty: false })
                return mapping.Read(probe, payload);
            return (payload as JsonObject)?["checks"] is JsonArray { Count: > 0 } checks ? Read(probe, checks) : ByStatus(probe, Denial(payload));
        }
        catch (JsonException)
        {
            // A page is a proxy's or a login's, whatever its status; broken JSON is no answer.
            return probe.ContentType?.Contains("html", StringComparison.OrdinalIgnoreCase) == true || probe.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true || mapping is { IsEmpty: false }
                ? Unreadable(probe, $"the body is {probe.ContentType ?? "of no type"}, not JSON") : ByStatus(probe, Word(probe.Body));
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            return Unreadable(probe, "the JSON isn't a readiness payload");
        }
    }

    private static Readiness ByStatus(ProbeResult probe, string? denial) =>
        new(probe, [new ReadinessItem(Ready, probe.IsSuccess && denial is null, denial)], null, [], null) { IsByStatus = true };

    // The first member that says it isn't ready.
    private static string? Denial(JsonNode? payload) => payload switch
    {
        JsonObject members => members.Where(member => Verdicts.Contains(member.Key, StringComparer.OrdinalIgnoreCase) && member.Value is JsonValue && Word(member.Value.ToString()) is not null)
            .Select(member => $"`{member.Key}: {member.Value}`").FirstOrDefault(),
        JsonValue value => Word(value.ToString()),
        _ => null,
    };

    private static string? Word(string text) => text.Trim() is { Length: < LongestWord } word && Denials.Contains(word, StringComparer.OrdinalIgnoreCase) ? $"`{word}`" : null;

    private static Readiness Read(ProbeResult probe, JsonArray array)
    {
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
