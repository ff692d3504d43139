using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Status;

/// <summary>What something that was found means for a rollback today.</summary>
public enum Grade
{
    /// <summary>It is as it has to be.</summary>
    Ok,

    /// <summary>A rollback would go on, and something is worth mending before it is needed.</summary>
    Warning,

    /// <summary>A rollback would be refused, or would go back by itself.</summary>
    WouldRefuse,
}

/// <summary>A line of a check.</summary>
/// <param name="Name">What was looked at: a gate's name, or another.</param>
/// <param name="Grade">What it means.</param>
/// <param name="Found">What was found, and what was expected where it isn't well.</param>
/// <param name="Hint">What to do, or null.</param>
public sealed record CheckFinding(string Name, Grade Grade, string Found, string? Hint = null);

/// <summary>What a rollback would refuse today. Names are stable: <c>Check --json</c> prints it.</summary>
/// <param name="At">When it was looked at, UTC.</param>
/// <param name="Target">The release for which the gates judged.</param>
/// <param name="Findings">The lines.</param>
public sealed record CheckReport(DateTimeOffset At, string Target, IReadOnlyList<CheckFinding> Findings)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The worst of the grades.</summary>
    public Grade Grade => Findings.Select(finding => finding.Grade).DefaultIfEmpty().Max();

    /// <summary>It as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>It as lines for people.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Narration.Printable($"what a rollback would meet today ({Target})");
        foreach (var finding in Findings)
        {
            yield return Line($"  {Word(finding.Grade),-12} {finding.Name}: {finding.Found}");
            if (finding.Hint is { } hint && finding.Grade != Grade.Ok)
                yield return Line($"  {"",-12}   hint: {hint}");
        }
        var (refused, warned) = (Findings.Count(finding => finding.Grade == Grade.WouldRefuse), Findings.Count(finding => finding.Grade == Grade.Warning));
        yield return $"{(refused == 0 ? "nothing would be refused" : refused == 1 ? "1 line would refuse a rollback" : $"{refused} lines would refuse a rollback")}{(warned == 0 ? "" : $", {warned} {(warned == 1 ? "warning" : "warnings")}")}";
    }

    private static string Word(Grade grade) => grade switch { Grade.Ok => "ok", Grade.Warning => "warning", _ => "WOULD REFUSE" };

    private static string Line(string text) => Narration.Printable(text).ReplaceLineEndings(" ");
}
