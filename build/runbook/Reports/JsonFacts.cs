using System.Text.Json;
using System.Text.Json.Nodes;

namespace Runback.Runbook.Reports;

/// <summary>
/// Reads JSON that another version may have written: what is missing, or of another kind than expected, is null or empty and never an error.
/// </summary>
public static class JsonFacts
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>Parses a text as an object, or gives null when it isn't one.</summary>
    public static JsonObject? Parse(string text)
    {
        // Most of what is no object is told without an exception: a torn or foreign file has many such lines.
        if (!text.AsSpan().TrimStart().StartsWith('{'))
            return null;
        try
        {
            return Value(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Parses a text that others wrote: every name in it is there once, and every string is a text, so that nothing read from it throws later.</summary>
    /// <exception cref="JsonException">It isn't JSON, or not of that kind.</exception>
    public static JsonNode? Value(string text)
    {
        try
        {
            var node = JsonNode.Parse(text, null, Options);
            // RFC 8259, 8.2: an escape may be half of a surrogate pair, which is no text.
            if (text.Contains("\\u", StringComparison.Ordinal))
                Look(node);
            return node;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new JsonException("a string in it isn't text", exception);
        }
    }

    private static void Look(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var (_, member) in members)
                Look(member);
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
                Look(item);
        }
        else if (node is JsonValue value)
        {
            value.TryGetValue<string>(out _);
        }
    }

    /// <summary>Reads a file as an object, or gives null when there is none or it isn't one.</summary>
    public static JsonObject? Read(string path)
    {
        try
        {
            return File.Exists(path) ? Parse(File.ReadAllText(path)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A property of an object; null when this isn't an object or has no such property.</summary>
    public static JsonNode? Get(this JsonNode? node, string name) => node is JsonObject facts && facts.TryGetPropertyValue(name, out var value) ? value : null;

    /// <summary>A property's text: a string as it is, a number or a truth value as JSON writes it.</summary>
    public static string? Text(this JsonNode? node, string name) => node.Get(name).Text();

    /// <summary>The text of a value.</summary>
    public static string? Text(this JsonNode? node) => node is not JsonValue value ? null : value.TryGetValue<string>(out var text) ? text : value.ToJsonString();

    /// <summary>A property's number.</summary>
    public static double? Number(this JsonNode? node, string name) =>
        node.Get(name) is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number) ? number : null;

    /// <summary>A property's truth value.</summary>
    public static bool? Flag(this JsonNode? node, string name) => node.Get(name) is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    /// <summary>A property's time, UTC.</summary>
    public static DateTimeOffset? Time(this JsonNode? node, string name) =>
        DateTimeOffset.TryParse(node.Text(name), null, System.Globalization.DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : null;

    /// <summary>The elements of a property that is a list.</summary>
    public static IReadOnlyList<JsonNode> Items(this JsonNode? node, string name) => node.Get(name) is JsonArray list ? [.. list.OfType<JsonNode>()] : [];

    /// <summary>The texts of a property that is a list.</summary>
    public static IReadOnlyList<string> Texts(this JsonNode? node, string name) => [.. node.Items(name).Select(item => item.Text()).OfType<string>()];
}
