using System.Text.Json.Nodes;

namespace Runback.Runbook.Reports.Sections;

/// <summary>The migrations that are in the database and not in the target release, with their verdicts.</summary>
public sealed class MigrationsSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Migrations";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        if (model.Result.Get("assessment") is not { } assessment)
            yield break;
        if (assessment.Text("verdict") is { } verdict)
            yield return new Paragraph(Cell.Of(ToneOf(verdict), $"All together: {verdict}. {Meaning(verdict)}"));
        var revisions = assessment.Items("revisions");
        if (revisions.Count == 0)
            yield break;
        // Oldest first in the document; a person reads from the newest.
        yield return new Table("Verdict of each migration, newest first", ["Migration", "Verdict", "Way back", "Reasons"], [.. revisions.Reverse().Select(Row)]);
    }

    /// <summary>How a verdict is to be taken.</summary>
    public static Tone ToneOf(string? verdict) => verdict switch { "Additive" => Tone.Good, "Caution" => Tone.Caution, _ => Tone.Bad };

    private static IReadOnlyList<Cell> Row(JsonNode revision)
    {
        var script = revision.Get("script") ?? revision;
        var verdict = revision.Text("verdict") ?? "Unknown";
        var reasons = revision.Items("reasons").Select(Reason).ToList();
        return
        [
            new Cell([new(script.Text("revision") ?? "", SpanKind.Code), new(script.Text("title") is { } title ? $" {title}" : "")]),
            Cell.Of(ToneOf(verdict), verdict),
            revision.Text("downgrade") ?? revision.Get("downgrade").Text("kind") ?? "",
            reasons.Count == 0 ? "nothing that old code could notice" : string.Join("; ", reasons),
        ];
    }

    private static string Reason(JsonNode reason) =>
        $"{reason.Text("object") ?? reason.Text("subject")}: {reason.Text("detail")} ({reason.Text("rule")}{(reason.Text("line") is { } line ? $", line {line}" : "")})";

    private static string Meaning(string verdict) => verdict switch
    {
        "Additive" => "Code of the release before can't notice them.",
        "Caution" => "Code of the release before most likely runs on them; what could bite is named.",
        "Breaking" => "Code of the release before must not run on them.",
        _ => "Something was not understood, which counts as breaking.",
    };
}
