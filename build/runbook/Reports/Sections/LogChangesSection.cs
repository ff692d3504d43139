using System.Text.Json.Nodes;

namespace Runback.Runbook.Reports.Sections;

/// <summary>How the services' logs have changed since the containers' start: for each service the kinds of lines that are new, gone, more or fewer, with a sample.</summary>
public sealed class LogChangesSection : IReportSection
{
    // What a reader takes in at a glance; the rest is folded.
    private const int MostOpen = 8;
    private static readonly string[] Kinds = ["New", "More", "Seen", "Fewer", "Gone"];

    /// <inheritdoc/>
    public string Title => "Log changes";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        if (model.Result.Get("logChanges") is not JsonObject compared)
            yield break;
        yield return new Paragraph(Span(compared.Number("beforeSeconds"), compared.Number("afterSeconds"), compared.Items("changes").Count));
        foreach (var service in compared.Items("changes").GroupBy(change => change.Text("service") ?? "", StringComparer.Ordinal))
        {
            var changes = service.OrderByDescending(change => change.Text("level") == "Error").ToList();
            yield return new Paragraph($"{service.Key}: {Counts(changes)}");
            yield return Table($"The log of {service.Key}", changes.Take(MostOpen));
            if (changes.Count > MostOpen)
                yield return new Folded($"{changes.Count - MostOpen} more in the log of {service.Key}", [Table($"More of the log of {service.Key}", changes.Skip(MostOpen))]);
        }
    }

    private static string Span(double? before, double? after, int changes) =>
        (before is { } earlier
            ? $"The log since the containers' start ({Words.Duration(after)}) against the {Words.Duration(earlier)} before; counts are compared for the same time."
            : $"The log since the containers' start ({Words.Duration(after)}); nobody knows what was logged before, so that errors alone are listed.")
        + (changes == 0 ? " Nothing changed." : "");

    private static string Counts(IReadOnlyList<JsonNode> changes) =>
        string.Join(", ", changes.GroupBy(change => change.Text("kind") ?? "", StringComparer.Ordinal).OrderBy(group => Array.IndexOf(Kinds, group.Key)).Select(group => $"{group.Count()} {Kind(group.Key)}"));

    private static Table Table(string caption, IEnumerable<JsonNode> changes) => new(
        caption, ["Change", new("Before", IsNumber: true), new("Since", IsNumber: true), "Sample"],
        [.. changes.Select(change => (IReadOnlyList<Cell>)[Change(change), change.Text("before") ?? "", change.Text("after") ?? "", Cell.Code(change.Text("sample") ?? change.Text("shape") ?? "")])]);

    private static Cell Change(JsonNode change)
    {
        var (kind, level) = (change.Text("kind") ?? "", change.Text("level"));
        var text = Kind(kind) + level switch { "Error" when kind != "Seen" => " error", "Warning" => " warning", _ => "" };
        return kind is "New" or "More" or "Seen" ? Cell.Of(level switch { "Error" => Tone.Bad, "Warning" => Tone.Caution, _ => Tone.Plain }, text) : Cell.Of(Tone.Quiet, text);
    }

    private static string Kind(string kind) => kind == "Seen" ? "error" : kind.ToLowerInvariant();
}
