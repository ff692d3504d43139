using System.Globalization;
using System.Text;

namespace Runback.Runbook.Runs;

/// <summary>A result as Markdown, for a ticket.</summary>
public static class RunReport
{
    /// <summary>Writes the report: outcome first, then what a person would ask next.</summary>
    public static string Markdown(RunResult result)
    {
        var report = new StringBuilder();
        Line(report, $"# {result.Target}: {result.Outcome}{(result.Summary is null ? "" : $" \u2013 {result.Summary}")}");
        Line(report, "");
        if (result.Hint is not null)
            Line(report, $"**Next:** {result.Hint}\n");
        Line(report, "| | |\n| --- | --- |");
        Row(report, "run", result.Run);
        Row(report, "exit code", result.ExitCode.ToString(CultureInfo.InvariantCulture));
        Row(report, "incident", result.Incident);
        Row(report, "reason", result.Reason);
        Row(report, "strategy", result.Strategy);
        Row(report, "from", Release(result.From));
        Row(report, "to", Release(result.To));
        Row(report, "database revision", result.Database is { } database ? $"{List(database.Before)} \u2192 {List(database.After)}" : null);
        Row(report, "backup", result.Backup is { } backup ? $"`{backup.File}` ({backup.Bytes:N0} bytes, sha256 `{backup.Sha256}`, verified: {backup.Level ?? "no"})" : null);
        Row(report, "outage", result.Outage is { } outage ? $"{outage.Seconds:0.00} s, {outage.Failed} of {outage.Requests} probes failed" : null);
        Row(report, "began", $"{result.StartedAt:yyyy-MM-dd HH:mm:ss} UTC");
        Row(report, "took", result.EndedAt is { } ended ? $"{(ended - result.StartedAt).TotalSeconds:0.0} s" : null);
        Table(report, "Steps", "| step | outcome | seconds | |\n| --- | --- | ---: | --- |",
            result.Steps.Select(step => $"| {step.Name} | {step.Outcome} | {step.Seconds:0.00} | {Cell(step.Detail)} |"));
        Table(report, "Checks", "| check | | expected | found |\n| --- | --- | --- | --- |",
            result.Checks.Select(check => $"| {Cell(check.Name)} | {(check.Passed ? "ok" : "**failed**")} | {Cell(check.Expected)} | {Cell(check.Found)}{(check.Passed || check.Hint is null ? "" : $" (hint: {Cell(check.Hint)})")} |"));
        Table(report, "Kept", "", result.Kept.Select(kept => $"- {kept}"));
        return report.ToString();
    }

    private static void Table(StringBuilder report, string title, string head, IEnumerable<string> rows)
    {
        var lines = rows.ToList();
        if (lines.Count == 0)
            return;
        Line(report, $"\n## {title}\n");
        if (head.Length > 0)
            Line(report, head);
        foreach (var line in lines)
            Line(report, line);
    }

    private static void Row(StringBuilder report, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            Line(report, $"| {name} | {Cell(value)} |");
    }

    private static void Line(StringBuilder report, string line) => report.Append(line).Append('\n');

    private static string Release(ReleaseRecord? release) => release is null ? ""
        : $"{release.Tag} ({string.Join(", ", release.Digests.Select(pair => $"{pair.Key} {Short(pair.Value)}"))})";

    private static string Short(string digest) => digest.Length > 19 ? digest[..19] : digest;

    private static string List(IReadOnlyList<string>? revisions) => revisions is null ? "unknown" : revisions.Count == 0 ? "none" : string.Join(", ", revisions);

    private static string Cell(string? text) =>
        (text ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ').Replace("<", "&lt;", StringComparison.Ordinal);
}
