using System.Globalization;
using System.Text.Json;

namespace Runback.Engine.Binding;

/// <summary>Turns text and JSON into a parameter's type, or says what was expected.</summary>
internal static class ValueConverter
{
    public static bool CanConvert(Type type) =>
        type.IsEnum || type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long)
        || type == typeof(double) || type == typeof(decimal) || type == typeof(AbsolutePath);

    /// <summary>All values of a parameter from text.</summary>
    /// <param name="source">Where the text stands, for errors: <c>--tag</c>, <c>environment variable TAG</c>.</param>
    /// <param name="directory">What relative paths start from.</param>
    /// <exception cref="UsageException">A value isn't one of the parameter's.</exception>
    public static object FromText(Parameter parameter, IReadOnlyList<string> texts, string source, string directory, IReadOnlyList<string> allowed)
    {
        if (!parameter.IsList)
            return One(parameter, texts[0], source, directory, allowed);
        var array = Array.CreateInstance(parameter.Type.GetElementType()!, texts.Count);
        for (var i = 0; i < texts.Count; i++)
            array.SetValue(One(parameter, texts[i], source, directory, allowed), i);
        return array;
    }

    /// <summary>The value of a parameter from JSON, whose type must fit exactly.</summary>
    /// <inheritdoc cref="FromText" path="/exception"/>
    public static object FromJson(Parameter parameter, JsonElement json, string source, string directory, IReadOnlyList<string> allowed)
    {
        if (!parameter.IsList)
            return One(parameter, TextOf(parameter, json, source), source, directory, allowed);
        if (json.ValueKind != JsonValueKind.Array)
            throw WrongJson($"a list of {JsonTypeOf(parameter.ElementType)}s", json, source);
        return FromText(parameter, [.. json.EnumerateArray().Select(x => TextOf(parameter, x, source))], source, directory, allowed);
    }

    /// <summary>The JSON type that values of a type are written in.</summary>
    public static string JsonTypeOf(Type element) =>
        element == typeof(bool) ? "boolean"
        : element == typeof(int) || element == typeof(long) ? "integer"
        : element == typeof(double) || element == typeof(decimal) ? "number" : "string";

    private static string TextOf(Parameter parameter, JsonElement json, string source)
    {
        var expected = JsonTypeOf(parameter.ElementType);
        return (expected, json.ValueKind) switch
        {
            ("boolean", JsonValueKind.True) => "true",
            ("boolean", JsonValueKind.False) => "false",
            ("integer" or "number", JsonValueKind.Number) => json.GetRawText(),
            ("string", JsonValueKind.String) => json.GetString()!,
            _ => throw WrongJson(expected == "integer" ? "an integer" : $"a {expected}", json, source),
        };
    }

    private static UsageException WrongJson(string expected, JsonElement json, string source) =>
        new($"{source} must be {expected}, and is {json.ValueKind switch
        {
            JsonValueKind.Null => "null",
            JsonValueKind.Array => "a list",
            JsonValueKind.Object => "an object",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            _ => "true or false",
        }}.", json.ValueKind == JsonValueKind.Null ? "remove the key to leave it unset" : $"write {expected}");

    private static object One(Parameter parameter, string text, string source, string directory, IReadOnlyList<string> allowed)
    {
        var type = parameter.ElementType;
        if (type == typeof(string))
        {
            return allowed.Count == 0 || allowed.Contains(text)
                ? text
                : throw NotAllowed(parameter, text, source, allowed);
        }

        if (type.IsEnum)
        {
            return allowed.FirstOrDefault(x => Naming.Plain(x) == Naming.Plain(text)) is { } name
                ? Enum.Parse(type, name)
                : throw NotAllowed(parameter, text, source, allowed);
        }

        if (type == typeof(AbsolutePath))
        {
            return text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal)
                ? AbsolutePath.Create(Path.GetFullPath(text, directory))
                : throw new UsageException($"{source} must be a path, and is empty or broken.", "give the path of a file or folder");
        }

        if (type == typeof(bool))
        {
            return Truth.Of(text) ?? throw new UsageException($"{source} takes true or false, not {Shown(parameter, text)}.", $"allowed: {Truth.Words}");
        }

        return Number(type, text) ?? throw new UsageException(
            $"{source} takes {(JsonTypeOf(type) == "integer" ? "a whole number" : "a number")}, not {Shown(parameter, text)}.",
            JsonTypeOf(type) == "integer" ? "write digits only, for example 30" : "write digits and a point, for example 1.5");
    }

    private static object? Number(Type type, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var value) ? value : null;
        if (type == typeof(long))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var value) ? value : null;
        if (type == typeof(decimal))
            return decimal.TryParse(text, Decimal, culture, out var value) ? value : null;
        return double.TryParse(text, Decimal | NumberStyles.AllowExponent, culture, out var number) && double.IsFinite(number) ? number : null;
    }

    private static UsageException NotAllowed(Parameter parameter, string text, string source, IReadOnlyList<string> allowed) =>
        new($"{source} doesn't take {Shown(parameter, text)}.",
            $"{(parameter.IsSecret ? "" : Nearest.Guess(text, allowed))}allowed: {string.Join(", ", allowed)}");

    private static string Shown(Parameter parameter, string text) => parameter.IsSecret ? "the value given" : $"'{text}'";
}
