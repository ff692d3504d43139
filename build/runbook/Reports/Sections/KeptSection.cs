using Runback.Runbook.Processes;

namespace Runback.Runbook.Reports.Sections;

/// <summary>What was replaced and kept, with the command that would remove it.</summary>
public sealed class KeptSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Kept";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        var kept = model.Result.Texts("kept");
        if (kept.Count == 0)
            yield break;
        yield return new Paragraph("Nothing was destroyed. What was replaced is still there, until a person removes it:");
        yield return new ItemList([.. kept.Select(thing => Cell.Ticked(thing + Removal(thing)))]);
    }

    /// <summary>The command that would remove a kept file, to be added to the sentence that names it; empty when that says so itself, or no file is named.</summary>
    public static string Removal(string kept)
    {
        var parts = kept.Split('`');
        // Only the operator's own file, named whole: what is a path and a command at once is left to the sentence.
        return kept.Contains("remove it", StringComparison.Ordinal) || parts.Length != 3 || !Path.IsPathFullyQualified(parts[1]) || parts[1].Contains('\n', StringComparison.Ordinal)
            ? "" : $"; remove it, when nobody needs it: `rm -- {Command.Quote(parts[1])}`";
    }
}
