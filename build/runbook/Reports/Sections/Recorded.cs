using System.Text.Json.Nodes;

namespace Runback.Runbook.Reports.Sections;

/// <summary>
/// Shows JSON of a shape that is not known: an object as facts, a list of objects as a table, what is deeper under its own name, anything else as a line. Nobody is shown JSON.
/// </summary>
public static class Recorded
{
    private const int MostColumns = 6;

    // Deeper things stand in a line; what is still deeper isn't shown.
    private const int Deepest = 4;

    /// <summary>The value as blocks; none when it is empty.</summary>
    public static IEnumerable<Block> Blocks(string title, JsonNode? value) => Blocks(title, value, Deepest);

    private static IEnumerable<Block> Blocks(string title, JsonNode? value, int depth)
    {
        if (value is JsonObject { Count: > 0 } facts)
        {
            var below = depth == 0 ? [] : facts.Where(pair => pair.Value is JsonObject { Count: > 0 } || (pair.Value is JsonArray list && list.Any(item => item is JsonObject))).ToList();
            if (facts.Count > below.Count)
                yield return new FactList([.. facts.Except(below).Select(pair => new Fact(Title(pair.Key), Line(pair.Value)))]);
            foreach (var block in below.SelectMany(pair => Blocks(Title(pair.Key), pair.Value, depth - 1)))
                yield return block;
        }
        else if (value is JsonArray { Count: > 0 } list)
        {
            var columns = list.OfType<JsonObject>().SelectMany(item => item.Select(pair => pair.Key)).Distinct(StringComparer.Ordinal).Take(MostColumns).ToList();
            if (columns.Count > 0 && list.All(item => item is JsonObject))
                yield return new Table(title, [.. columns.Select(column => new Column(Title(column)))], [.. list.Select(item => (IReadOnlyList<Cell>)[.. columns.Select(column => Line(item.Get(column)))])]);
            else
                yield return new ItemList([.. list.Select(item => Line(item))]);
        }
        else if (value.Text() is { Length: > 0 } text)
        {
            yield return new Paragraph(Cell.Ticked(text));
        }
    }

    /// <summary>A value in a line.</summary>
    public static Cell Line(JsonNode? value) => value switch
    {
        null => "",
        JsonValue single when single.TryGetValue<bool>(out var flag) => flag ? "yes" : "no",
        JsonValue single => Cell.Ticked(single.Text()),
        JsonArray list when list.All(item => item is JsonValue) => string.Join(", ", list.Select(item => item.Text())),
        _ => Cell.Ticked(InWords(value, Deepest)),
    };

    private static string InWords(JsonNode? value, int depth) => value switch
    {
        null => "none",
        JsonValue single => single.TryGetValue<bool>(out var flag) ? flag ? "yes" : "no" : single.Text() ?? "",
        _ when depth == 0 => "\u2026",
        JsonArray list => string.Join("; ", list.Select(item => InWords(item, depth - 1))),
        JsonObject facts => string.Join(", ", facts.Select(pair => $"{Title(pair.Key)}: {InWords(pair.Value, depth - 1)}")),
        _ => "",
    };

    /// <summary>A property's name as a title: <c>rowsSince</c> is "Rows since".</summary>
    public static string Title(string name)
    {
        var words = string.Concat(name.Select((c, index) => char.IsAsciiLetterUpper(c) && index > 0 ? $" {char.ToLowerInvariant(c)}" : $"{c}"));
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
