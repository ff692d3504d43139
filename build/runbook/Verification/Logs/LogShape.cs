using System.Text.Json;
using System.Text.RegularExpressions;

namespace Runback.Runbook.Verification.Logs;

/// <summary>What events of one kind have in common: their text with what differs from one to the next replaced.</summary>
public static partial class LogShape
{
    private const int Longest = 300;

    // Where a class of statuses hides from the rule that replaces numbers.
    private const char Shelter = '\ue000';

    /// <summary>The shape of an event.</summary>
    public static string Of(LogEvent happened)
    {
        var shape = Plain(Message(happened.FirstLine));
        return string.IsNullOrEmpty(happened.Exception) ? shape : $"{shape} | {Plain(happened.Exception)}";
    }

    private static string Plain(string text)
    {
        text = Leading().Replace(text.Length > LogEvent.Longest ? text[..LogEvent.Longest] : text, "");
        text = Time().Replace(text, "<time>");
        text = Uuid().Replace(text, "<id>");
        text = Request().Replace(text, match => $"{match.Groups["path"].Value}{(match.Groups["query"].Length > 0 ? "?<query>" : "")}{match.Groups["between"].Value}{(char)(Shelter + match.Groups["class"].Value[0] - '0')}xx");
        text = Quoted().Replace(text, match => match.Groups["request"].Success ? match.Value : $"{match.Value[0]}*{match.Value[0]}");
        text = Hexadecimal().Replace(text, "<hex>");
        text = Number().Replace(text, "#");
        text = string.Concat(text.Select(c => c is >= Shelter and <= (char)(Shelter + 9) ? (char)('0' + c - Shelter) : c));
        return text.Length > Longest ? text[..Longest] + "\u2026" : text;
    }

    // A line that is a JSON object is its level and its message.
    private static string Message(string line)
    {
        if (!line.StartsWith('{'))
            return line;
        try
        {
            using var document = JsonDocument.Parse(line);
            var members = document.RootElement.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String)
                .GroupBy(member => member.Name.ToUpperInvariant()).ToDictionary(group => group.Key, group => group.First().Value.GetString()!, StringComparer.Ordinal);
            var parts = new[] { (string[])["LEVEL", "SEVERITY", "LEVELNAME"], ["LOGGER", "NAME"], ["MESSAGE", "MSG", "EVENT"], ["EXCEPTION", "ERROR"] }
                .Select(names => names.Select(name => members.GetValueOrDefault(name)).FirstOrDefault(value => value is not null)).OfType<string>().ToList();
            return parts.Count > 0 ? string.Join(' ', parts) : line;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair in an escape.
            return line;
        }
    }

    [GeneratedRegex(@"^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?\s?(?:Z|[+-]\d\d:?\d\d)?\]?[\s:]*")]
    private static partial Regex Leading();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?")]
    private static partial Regex Time();

    [GeneratedRegex(@"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b")]
    private static partial Regex Uuid();

    // "GET /bookings/5?x=1 500": of an answer's status the class says what matters.
    [GeneratedRegex(@"(?<path>\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) [^\s?""]+)(?<query>\?[^\s""]*)?(?<between>(?: HTTP/[\d.]+)?""?\s+)(?<class>[1-5])\d\d(?=\s|$)")]
    private static partial Regex Request();

    [GeneratedRegex(@"(?<request>""(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) [^""]*"")|""[^""]*""|(?<![A-Za-z0-9])'[^']*'(?![A-Za-z0-9])")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b0x[0-9a-fA-F]+\b|\b(?=[0-9a-fA-F]*\d)(?=\d*[a-fA-F])[0-9a-fA-F]{8,}\b")]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"\d+(?:\.\d+)*")]
    private static partial Regex Number();
}
