using System.Text.Json;

namespace Runback.Runbook.Releases.Registries;

/// <summary>Reading JSON whose shape nobody promises: each step gives null where the value is of another kind.</summary>
internal static class JsonReading
{
    /// <summary>A member of an object.</summary>
    public static JsonElement? Member(this JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            // A name beside it with half of a surrogate pair in an escape.
            return null;
        }
    }

    /// <summary>All members of an object whose names are text; none of anything else.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject().Where(HasName) : [];

    private static bool HasName(JsonProperty property)
    {
        try
        {
            return property.Name.Length >= 0;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>All items of an array; none of anything else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>The text of a string.</summary>
    public static string? Text(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate in an escape: valid JSON, no text.
            return null;
        }
    }

    /// <summary>The text of a string.</summary>
    public static string? Text(this JsonElement? element) => element?.Text();

    /// <summary>A moment in RFC 3339 form, as UTC. Those before 1980 are placeholders of reproducible builds and give null.</summary>
    public static DateTimeOffset? Moment(this JsonElement? element) => MomentOf(element.Text());

    /// <summary>A moment in RFC 3339 form, as UTC. Those before 1980 are placeholders of reproducible builds and give null.</summary>
    public static DateTimeOffset? MomentOf(string? text) =>
        DateTimeOffset.TryParse(text, null, System.Globalization.DateTimeStyles.AssumeUniversal, out var moment) && moment.UtcDateTime.Year >= 1980
            ? moment.ToUniversalTime()
            : null;
}
