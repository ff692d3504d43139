using Runback.Runbook.Drills.Beside;
using Runback.Runbook.Runs;
using Spectre.Console;
using Words = Runback.Runbook.Reports.Words;

namespace Runback.Runbook.Drills;

/// <summary>A drill's report as a small table for people.</summary>
public static class DrillTable
{
    private const int Width = 140;

    /// <summary>Writes the table without colour, for a pipe or a file.</summary>
    public static void Write(DrillReport report, TextWriter writer)
    {
        var console = PlainConsole.On(writer, Width);
        var table = new Table().Border(TableBorder.Simple).HideHeaders().AddColumn("what").AddColumn("measured");
        foreach (var (what, measured) in Rows(report))
            table.AddRow(new Text(what), new Text(TableText.Of(measured)));
        console.Write(table);
    }

    /// <summary>What is measured, and what it was; the reason first when the drill failed.</summary>
    internal static IEnumerable<(string What, string Measured)> Rows(DrillReport report)
    {
        if (report.Outcome != Outcome.Done)
            yield return ("FAILED", report.Summary ?? report.Outcome.ToString());
        yield return ("rollback", $"{report.From} to {report.To}{(report.Runs == report.To ? "" : $"; {report.Runs ?? "an unknown release"} runs now")}");
        yield return ("took", $"{report.RollbackSeconds:0.0} s{(report.Outcome == Outcome.Done ? ", verification included" : "")}; the whole drill {report.TotalSeconds:0.0} s");
        yield return ("steps", string.Join(", ", report.Steps.Select(step => $"{step.Name} {step.Seconds:0.0} s{(step.Outcome == "Done" ? "" : $" ({step.Outcome})")}")));
        if (report.Beside is { } copy)
            yield return ("on", $"{copy}, a copy from {Path.GetFileName(report.Source?.File)}, which was {Words.Duration(report.Source?.AgeSeconds)} old");
        if (report.Backup is { } backup)
            yield return ("backup", $"{Path.GetFileName(backup.File)}, {backup.Bytes:N0} bytes, verified: {backup.Level ?? "no"}");
        var traffic = report.Traffic;
        yield return ("outage", traffic.Failed == 0 ? "none: every request was served"
            : $"{traffic.OutageSeconds:0.00} s, {traffic.Failed} of {traffic.Requests} requests failed{(traffic.Recovered ? "" : "; not served again")}");
        yield return ("requests", $"{traffic.Requests} in {traffic.Seconds:0} s{(traffic.LeftOut > 0 ? $", {traffic.LeftOut} left out" : "")}; median {traffic.MedianMilliseconds:0} ms, slowest {traffic.SlowestMilliseconds:0} ms");
        yield return ("errors", $"{traffic.ErrorsBefore} by {report.From}, {traffic.ErrorsAfter} after the cutover");
        yield return ("writes", report.Writes is not { } writes ? (report.Beside is null ? "not compared with the database" : "none: a copy is only read")
            : $"{writes.Acknowledged} acknowledged, {writes.Lost.Count} lost{(writes.PutAside > 0 ? $"; {writes.PutAside} only in the database that was put aside" : "")}{(writes.Unconfirmed > 0 ? $"; {writes.Unconfirmed} stored that were never confirmed" : "")}");
        var changed = report.Rows.Where(row => row.Before != row.After).Select(row => $"{row.Table} {Count(row.Before)} \u2192 {Count(row.After)}");
        if (report.Untouched is { } untouched)
            yield return ("deployment", untouched ? "as it was: containers, images, files, revision" : string.Join("; ", report.Differences));
        if (report.Objectives is { } objectives && objectives != DrillObjectives.None && (report.Outcome == Outcome.Done || report.Missed.Count > 0))
            yield return ("objectives", report.Missed.Count == 0 ? "met" : $"missed: {string.Join("; ", report.Missed)}");
        yield return ("rows", string.Join(", ", changed.Append($"{report.Rows.Count(row => row.Before == row.After)} unchanged")));
    }

    private static string Count(long? rows) => rows is null ? "none" : $"{rows:N0}";
}
