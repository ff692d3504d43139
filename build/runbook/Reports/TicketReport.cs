using System.Text;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Reports;

/// <summary>A run's report as Markdown, for a ticket: the same sections, without drawings and without what is folded.</summary>
public static class TicketReport
{
    private const int LongestCell = 600;

    /// <summary>Writes the report.</summary>
    public static string Write(ReportModel model)
    {
        var outcome = model.Result.Text("outcome") ?? "no result";
        var summary = model.Result.Text("summary");
        var report = new StringBuilder($"# {Plain(model.Target)}: {Plain(outcome)}{(string.IsNullOrEmpty(summary) ? "" : $" \u2013 {Plain(summary)}")}\n");
        foreach (var (title, all) in model.Sections)
        {
            var blocks = all.Where(block => block is not (Folded or Figure)).ToList();
            if (blocks.Count == 0)
                continue;
            report.Append($"\n## {title}\n");
            foreach (var block in blocks)
                Write(report, block);
        }
        return report.ToString();
    }

    private static void Write(StringBuilder report, Block block)
    {
        report.Append('\n');
        switch (block)
        {
            case Paragraph paragraph:
                report.Append(Inline(paragraph.Content)).Append('\n');
                break;
            case FactList list:
                report.Append("| | |\n| --- | --- |\n");
                foreach (var fact in list.Facts)
                    report.Append($"| {Plain(fact.Name)} | {Inline(fact.Value)} |\n");
                break;
            case Table table:
                report.Append($"| {string.Join(" | ", table.Columns.Select(column => Plain(column.Title)))} |\n");
                report.Append($"| {string.Join(" | ", table.Columns.Select(column => column.IsNumber ? "---:" : "---"))} |\n");
                foreach (var row in table.Rows)
                    report.Append($"| {string.Join(" | ", row.Select(Inline))} |\n");
                break;
            case ItemList list:
                foreach (var item in list.Items)
                    report.Append($"- {Inline(item)}\n");
                break;
            default:
                throw new ArgumentException($"no Markdown for {block.GetType().Name}", nameof(block));
        }
    }

    private static string Inline(Cell cell)
    {
        var text = string.Concat(cell.Spans.Select(Inline));
        return cell.Tone == Tone.Bad && text.Length > 0 && cell.Spans is [{ Kind: SpanKind.Text }] ? $"**{text}**" : text;
    }

    // Code is set by ticks, which a tick inside would end: such a text is escaped instead. In a table a bar would end the cell even in code.
    private static string Inline(Span span) => span.Kind == SpanKind.Code && !span.Text.Contains('`', StringComparison.Ordinal)
        ? $"`{Line(span.Text).Replace("|", "\\|", StringComparison.Ordinal)}`"
        : Plain(span.Text);

    // CommonMark 2.4: a backslash before punctuation takes its meaning from it; < opens HTML, which a ticket system may let through.
    private static string Plain(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in Line(text))
        {
            if (c == '<')
                escaped.Append("&lt;");
            else if (c is '\\' or '|' or '`' or '*' or '[' or ']' or '!')
                escaped.Append('\\').Append(c);
            else
                escaped.Append(c);
        }
        return escaped.ToString();
    }

    private static string Line(string text) =>
        Narration.Printable(text.Length > LongestCell ? text[..LongestCell] + "\u2026" : text).Replace('\n', ' ').Replace('\t', ' ');
}
