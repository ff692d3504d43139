using System.Text.Json.Nodes;

namespace Runback.Runbook.Reports.Sections;

/// <summary>Shows JSON of a shape that is not known: an object as facts, a list of objects as a table, anything else as a line.</summary>
public static class Recorded
{
    private const int MostColumns = 6;

    /// <summary>The value as blocks; none when it is empty.</summary>
    public static IEnumerable<Block> Blocks(string title, JsonNode? value)
    {
        if (value is JsonObject { Count: > 0 } facts)
        {
            yield return new FactList([.. facts.Select(pair => new Fact(Title(pair.Key), Line(pair.Value)))]);
        }
        else if (value is JsonArray { Count: > 0 } list)
        {
            var columns = list.OfType<JsonObject>().SelectMany(item => item.Select(pair => pair.Key)).Distinct(StringComparer.Ordinal).Take(MostColumns).ToList();
            if (columns.Count > 0 && list.All(item => item is JsonObject))
                yield return new Table(title, [.. columns.Select(column => new Column(Title(column)))], [.. list.Select(item => (IReadOnlyList<Cell>)[.. columns.Select(column => Line(item.Get(column)))])]);
            else
                yield return new ItemList([.. list.Select(Line)]);
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
        _ => Cell.Code(value.ToJsonString()),
    };

    /// <summary>A property's name as a title: <c>rowsSince</c> is "Rows since".</summary>
    public static string Title(string name)
    {
        var words = string.Concat(name.Select((c, index) => char.IsAsciiLetterUpper(c) && index > 0 ? $" {char.ToLowerInvariant(c)}" : $"{c}"));
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
