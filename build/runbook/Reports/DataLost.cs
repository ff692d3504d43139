using System.Text.Json.Nodes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Reports;

/// <summary>What a run lost of the data, as far as it was measured.</summary>
public static class DataLost
{
    /// <summary>The answer in a line.</summary>
    public static Cell Line(ReportModel model)
    {
        var lost = Measured(model);
        if (model.IsDryRun || model.Outcome is Outcome.Refused or Outcome.Usage or Outcome.Locked)
            return Cell.Of(Tone.Good, "none: nothing was changed");
        if (lost.Count > 0)
            return Cell.Of(Tone.Bad, lost.Count == 1 ? lost[0] : $"{lost[0]}, and {lost.Count - 1} more (see Losses)");
        var strategy = model.Result.Text("strategy");
        if (strategy is ("Downgrade" or "Restore") && model.HasMovedDatabase && model.Outcome != Outcome.Returned)
        {
            return strategy == "Downgrade" && model.Result.Get("rehearsal") is not null ? Cell.Of(Tone.Good, "none that the rehearsal saw")
                : strategy == "Restore" && model.Result.Get("rowsSince") is { } since && since.Flag("seesChanges") != true ? Cell.Of(Tone.Caution, "no new rows; rows that were changed or removed since the backup aren't told")
                : strategy == "Restore" && model.Result.Get("rowsSince") is not null ? Cell.Of(Tone.Good, "none: nothing was written since the backup")
                : Cell.Of(Tone.Caution, "not measured");
        }
        return model.Drill.Get("writes") is { } writes ? Cell.Of(Tone.Good, $"none: all {writes.Number("acknowledged"):N0} acknowledged writes are there")
            : model.Outcome is null ? Cell.Of(Tone.Caution, "not known")
            : Cell.Of(Tone.Good, "none: the database stayed as it was");
    }

    /// <summary>Each loss in words; none when none was measured.</summary>
    public static IReadOnlyList<string> Measured(ReportModel model)
    {
        var lost = new List<string>();
        var given = model.Result.Items("losses");
        // What the rehearsal saw the downgrade destroy is lost once production's database was brought down, whatever became of the run then.
        if (given.Count == 0 && model.Result.Text("strategy") == "Downgrade" && model.HasMovedDatabase)
            given = model.Result.Get("rehearsal").Items("losses");
        lost.AddRange(given.Select(Loss));
        // A run that went back has the database of before in its place again.
        if (model.Outcome != Outcome.Returned)
            lost.AddRange(Losing(model).Select(RowsSince));
        if (model.Drill.Get("writes").Texts("lost") is { Count: > 0 } writes)
            lost.Add($"{Words.Count(writes.Count, "acknowledged write")}: {string.Join(", ", writes.Take(10))}{(writes.Count > 10 ? ", \u2026" : "")}");
        return lost;
    }

    /// <summary>A loss in words, from <c>{subject, kind, rows, nonNull, sinceBad, sinceColumn, notKept}</c> or a text.</summary>
    public static string Loss(JsonNode loss)
    {
        if (loss.Text() is { } text)
            return text;
        var subject = loss.Text("subject") ?? "something";
        var rows = loss.Number("rows") is { } count ? Words.Count((long)count, "row") : "an unknown number of rows";
        var since = loss.Number("sinceBad") is { } written ? $", {written:N0} of them written since the bad release went live{(loss.Text("sinceColumn") is { } column ? $" ({column})" : "")}" : "";
        return (loss.Text("kind") switch
        {
            "Table" => $"the table {subject} with {rows}",
            "Column" => $"the column {subject} with {(loss.Number("nonNull") is { } values ? Words.Count((long)values, "value") : "an unknown number of values")} in {rows}",
            "LargeObjects" => $"{(loss.Number("rows") is { } objects ? Words.Count((long)objects, "large object") : "an unknown number of large objects")} of {subject}",
            "ForeignRows" => $"{rows} of the foreign table {subject}",
            "RowsDeleted" => $"{rows} of {subject}",
            _ => $"what {rows} of {subject} held",
        }) + since + (loss.Text("notKept") is { } why ? $", not kept in the dump before it: {why}" : "");
    }

    /// <summary>The tables that a restore gave rows of up, as <c>rowsSince</c> lists them; what isn't known counts.</summary>
    public static IEnumerable<JsonNode> Losing(ReportModel model) => model.Result.Get("rowsSince").Items("tables").Where(table => table.Flag("loses") ?? table.Number("since") is not 0);

    private static string RowsSince(JsonNode table) =>
        $"{(table.Number("since") is { } rows ? Words.Count((long)rows, "row") : "an unknown number of rows")} of {table.Text("name") ?? table.Text("table") ?? "a table"} written since the backup";
}
