using System.Text.Json.Nodes;

namespace Runback.Runbook.Runs;

/// <summary>Makes a run's record of its journal's lines, in order.</summary>
/// <param name="record">What is known without the journal.</param>
internal sealed class JournalReader(RunRecord record)
{
    private readonly Dictionary<string, JournalChange> _begun = new(StringComparer.Ordinal);
    private RunRecord _record = record;

    /// <summary>Reads them. What a newer version wrote isn't read beyond its first line.</summary>
    public RunRecord Read(IEnumerable<JsonObject> lines)
    {
        foreach (var line in lines)
        {
            Take(line, Text(line, "event"));
            if (_record.Problem is not null)
                break;
        }
        return _record;
    }

    private void Take(JsonObject line, string? name)
    {
        switch (name)
        {
            case "begin":
                _record = Begun(line);
                break;
            case "beside":
                _record = _record with { Beside = true };
                break;
            case "situation":
                _record = _record with { Revisions = (line["revisions"] as JsonArray)?.Select(node => node?.ToString() ?? "").ToList() };
                break;
            case "origin":
                _record = _record with { Origin = line };
                break;
            case "moved":
                _record = _record with { Moved = line };
                break;
            case "course":
                _record = _record with { Course = Text(line, "course") };
                break;
            case "target":
                _record = _record with { Tag = Text(line, "tag") };
                break;
            case "changing":
                _record = _record with { Changed = true, ChangedAt = At(line), Turn = Turn(line), TargetImage = Text(line, "image"), Tag = _record.Tag ?? Text(line, "to")?.Split('@')[0] };
                break;
            case "change" when Text(line, "command") is { } command:
                _begun[Text(line, "number") ?? ""] = new JournalChange(command, At(line));
                _record = _record with { LastBegun = _begun[Text(line, "number") ?? ""] };
                break;
            case "changed" when _begun.TryGetValue(Text(line, "number") ?? "", out var made):
                _record = _record with { LastMade = made };
                break;
            case "end":
                _record = _record with { Ended = true, Outcome = Text(line, "outcome"), EndedAt = At(line) };
                break;
        }
    }

    private RunRecord Begun(JsonObject line)
    {
        if (line["version"] is not JsonValue version || !version.TryGetValue<int>(out var number) || number > Journal.Version)
            return _record with { Problem = $"its journal has the version {Text(line, "version") ?? "unknown"}, and this program reads {Journal.Version}: a newer one wrote it" };
        var (user, host) = (Text(line, "user"), Text(line, "host"));
        return _record with { Target = Text(line, "target"), By = user is null ? null : $"{user}@{host}", BeganAt = At(line) ?? _record.BeganAt };
    }

    private static int? Turn(JsonObject line) => line["turn"] is JsonValue value && value.TryGetValue<int>(out var turn) && turn > 0 ? turn : null;

    private static string? Text(JsonObject line, string name) => line[name]?.ToString();

    private static DateTimeOffset? At(JsonObject line) => DateTimeOffset.TryParse(Text(line, "at"), out var at) ? at.ToUniversalTime() : null;
}
