using System.Text;
using System.Text.Json.Nodes;
using Runback.Runbook.Reports.Drawings;

namespace Runback.Runbook.Reports;

/// <summary>A drill in the list of drills: a line of <c>drills.jsonl</c>.</summary>
/// <param name="At">When it began, UTC.</param>
/// <param name="Facts">What it measured.</param>
public sealed record DrillLine(DateTimeOffset At, JsonObject Facts)
{
    private const int Latest = 5;

    /// <summary>Whether it went well.</summary>
    public bool IsDone => Facts.Text("outcome") == "Done";

    /// <summary>How long the rollback took, in seconds.</summary>
    public double? Rollback => Facts.Number("rollbackSeconds");

    /// <summary>How long clients weren't served, in seconds.</summary>
    public double? Outage => Facts.Get("traffic").Number("outageSeconds");

    /// <summary>Reads the latest drills, oldest first. Lines that can't be read are left out; a missing file is empty.</summary>
    public static IReadOnlyList<DrillLine> Read(string path, int most)
    {
        try
        {
            return !File.Exists(path) ? [] : [.. File.ReadLines(path, Encoding.UTF8).TakeLast(most).Select(JsonFacts.Parse)
                .Where(facts => facts.Time("startedAt") is not null).Select(facts => new DrillLine(facts.Time("startedAt")!.Value, facts!)).OrderBy(drill => drill.At)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The latest drills in a sentence: <c>the last 5 took 41 s (38 s to 47 s)</c>; null when none went well.</summary>
    public static string? Recent(IReadOnlyList<DrillLine> drills)
    {
        var last = drills.Where(drill => drill is { IsDone: true, Rollback: not null }).TakeLast(Latest).Select(drill => drill.Rollback!.Value).Order().ToList();
        return last.Count switch
        {
            0 => null,
            1 => $"the last one took {Words.Duration(last[0])}",
            _ => $"the last {last.Count} took {Words.Duration(last[last.Count / 2])} ({Words.Duration(last[0])} to {Words.Duration(last[^1])})",
        };
    }

    /// <summary>The latest drills of a deployment in a sentence, or null.</summary>
    /// <param name="statePath">The deployment's state folder.</param>
    public static string? RecentOf(string statePath) => Recent(Read(Path.Combine(statePath, "drills.jsonl"), RunIndex.Most));

    /// <summary>The drills as drawings and a table.</summary>
    public static IEnumerable<Block> Blocks(IReadOnlyList<DrillLine> drills)
    {
        if (drills.Count == 0)
        {
            yield return new Paragraph(Cell.Ticked("There are none yet: `./build.sh Drill` rehearses a rollback and measures it."));
            yield break;
        }
        foreach (var (name, objective, measure) in ((string, string, Func<DrillLine, double?>)[])[("Rollback", "rollbackSeconds", drill => drill.Rollback), ("Outage", "outageSeconds", drill => drill.Outage)])
        {
            var points = drills.Where(drill => measure(drill) is not null).Select(drill => new TrendPoint(drill.At, Math.Max(0, measure(drill)!.Value), drill.IsDone)).ToList();
            if (points.Count > 0)
                yield return new TrendDrawing(name, points, drills[^1].Facts.Get("objectives").Number(objective)).Draw();
        }
        yield return new Folded($"All {Words.Count(drills.Count, "drill")}", [new Table("Drills, newest first",
            ["Began", "Outcome", "Releases", new("Rollback", IsNumber: true), new("Outage", IsNumber: true), new("Lost writes", IsNumber: true)], [.. drills.Reverse().Select(drill => drill.Cells())])]);
    }

    private IReadOnlyList<Cell> Cells() =>
    [
        Facts.Text("run") is { } run ? new Cell([new(Words.Moment(At), SpanKind.Link, $"runs/{Uri.EscapeDataString(run)}/{RunReports.PageName}")]) : Words.Moment(At),
        IsDone ? Cell.Of(Tone.Good, "done") : Cell.Of(Tone.Bad, Facts.Text("summary") ?? Facts.Text("outcome") ?? "failed"),
        $"{Facts.Text("from")} \u2192 {Facts.Text("to")}",
        Words.Duration(Rollback),
        Words.Duration(Outage),
        Facts.Get("writes") is { } writes ? $"{writes.Items("lost").Count}" : "not compared",
    ];
}
