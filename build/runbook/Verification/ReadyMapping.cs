using System.Text.Json.Nodes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>Where another application's readiness payload says what the known shape says: places in its JSON, as <see cref="JsonCondition"/> names them.</summary>
/// <param name="Ok">What the payload holds when the application is ready; null where the status alone says it.</param>
/// <param name="Current">Where it says the database's revision; null for nowhere.</param>
/// <param name="Expected">Where it says the head that the release expects, one or a list; null for nowhere.</param>
public sealed record ReadyMapping(JsonCondition? Ok = null, JsonCondition? Current = null, JsonCondition? Expected = null)
{
    /// <summary>Whether nothing is mapped.</summary>
    public bool IsEmpty => this is { Ok: null, Current: null, Expected: null };

    /// <summary>Reads a mapping from its parameters.</summary>
    /// <param name="ok">A condition, <c>$.status=UP</c>; null for none.</param>
    /// <param name="current">A place, <c>$.database.revision</c>; null for none.</param>
    /// <param name="expected">A place, <c>$.database.head</c>; null for none.</param>
    /// <exception cref="RunbookException">One of them isn't such a text, or only one of the two revisions is mapped.</exception>
    public static ReadyMapping Parse(string? ok, string? current, string? expected)
    {
        if ((current is null) != (expected is null))
            throw RunbookException.Usage($"expected --ready-current and --ready-expected, found --ready-{(current is null ? "expected" : "current")} alone", "that a kept schema is why an application is unready shows only in both");
        return new ReadyMapping(Condition(ok, "--ready-ok"), Place(current, "--ready-current"), Place(expected, "--ready-expected"));
    }

    /// <summary>The checks that the payload amounts to, in the known shape's names.</summary>
    /// <param name="probe">The answer.</param>
    /// <param name="payload">Its JSON.</param>
    internal Readiness Read(ProbeResult probe, JsonNode? payload)
    {
        var (current, heads) = (Texts(Current, payload), Texts(Expected, payload));
        var complaint = Ok?.Judge(payload);
        var isOk = Ok is null ? probe.IsSuccess : complaint is null;
        if (Current is null || heads.Count == 0 || current.Count != 1)
            return new Readiness(probe, [new ReadinessItem("ready", isOk, complaint)], null, [], Current is null || isOk ? null : $"there is no {Current} or no {Expected}");
        var isCurrent = heads.Contains(current[0], StringComparer.Ordinal);
        // What it says of the migrations is why it isn't ready; where they are current, something else is.
        ReadinessItem[] checks = isOk || isCurrent ? [new("ready", isOk, complaint), new("migrations", isOk || isCurrent, null)] : [new("migrations", false, "another revision than it expects")];
        return new Readiness(probe, checks, current[0], heads, null);
    }

    private static JsonCondition? Condition(string? text, string option) => text is null ? null
        : JsonCondition.TryParse(text) ?? throw RunbookException.Usage($"expected {option} with a place in JSON, found `{text}`", $"{option} '$.status=UP'");

    private static JsonCondition? Place(string? text, string option) =>
        Condition(text, option) is { Value: not null } ? throw RunbookException.Usage($"expected {option} with a place in JSON and no value, found `{text}`", $"{option} '$.database.revision'") : Condition(text, option);

    private static IReadOnlyList<string> Texts(JsonCondition? place, JsonNode? payload) => place?.Find(payload) switch
    {
        JsonArray many => [.. many.Select(one => one?.ToString()).OfType<string>()],
        JsonValue one => [one.ToString()],
        _ => [],
    };
}
