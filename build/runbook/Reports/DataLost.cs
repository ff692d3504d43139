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
        return model.Result.Text("strategy") switch
        {
            "Downgrade" when model.Result.Get("rehearsal") is not null => Cell.Of(Tone.Good, "none that the rehearsal saw"),
            "Restore" when model.Result.Get("rowsSince") is not null => Cell.Of(Tone.Good, "none: nothing was written since the backup"),
            "Downgrade" or "Restore" => Cell.Of(Tone.Caution, "not measured"),
            _ when model.Drill.Get("writes") is { } writes => Cell.Of(Tone.Good, $"none: all {writes.Number("acknowledged"):N0} acknowledged writes are there"),
            _ when model.Outcome is null => Cell.Of(Tone.Caution, "not known"),
            _ => Cell.Of(Tone.Good, "none: the database stayed as it was"),
        };
    }

    /// <summary>Each loss in words; none when none was measured.</summary>
    public static IReadOnlyList<string> Measured(ReportModel model)
    {
        var lost = new List<string>();
        var given = model.Result.Items("losses");
        // What the rehearsal saw the downgrade destroy is lost only where the downgrade was what was done.
        if (given.Count == 0 && model.Result.Text("strategy") == "Downgrade" && model.Outcome is (Outcome.Done or Outcome.Failed))
            given = model.Result.Get("rehearsal").Items("losses");
        lost.AddRange(given.Select(Loss));
        lost.AddRange(model.Result.Items("rowsSince").Select(RowsSince).OfType<string>());
        if (model.Drill.Get("writes").Texts("lost") is { Count: > 0 } writes)
            lost.Add($"{Words.Count(writes.Count, "acknowledged write")}: {string.Join(", ", writes.Take(10))}{(writes.Count > 10 ? ", \u2026" : "")}");
        return lost;
    }

    /// <summary>A loss in words, from <c>{subject, kind, rows, nonNull, sinceBad, sinceColumn}</c> or a text.</summary>
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
            "RowsDeleted" => $"{rows} of {subject}",
            _ => $"what {rows} of {subject} held",
        }) + since;
    }

    private static string? RowsSince(JsonNode table)
    {
        if (table.Text() is { } text)
            return text;
        var name = table.Text("table") ?? table.Text("name") ?? table.Text("subject");
        var rows = table.Number("rows") ?? table.Number("lost") ?? table.Number("since") ?? table.Number("count");
        return name is null ? null : rows is null ? $"rows of {name} written since the backup" : rows == 0 ? null : $"{Words.Count((long)rows, "row")} of {name} written since the backup";
    }
}
