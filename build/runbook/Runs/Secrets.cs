using System.Text.Encodings.Web;
using System.Text.Json;

namespace Runback.Runbook.Runs;

/// <summary>The values that must never leave: replaced by *** in every text before it is printed or stored.</summary>
public sealed class Secrets
{
    // Shorter values would mask half of an ordinary text, and protect nothing.
    private const int MinimumLength = 4;
    private readonly Lock _lock = new();
    private string[] _values = [];

    /// <summary>Adds values to hide, in the forms in which they may turn up: as they are, JSON-escaped, URL-encoded, and each line of several.</summary>
    public void Add(params IEnumerable<string?> values)
    {
        lock (_lock)
        {
            _values = [.. _values
                .Concat(values.OfType<string>().SelectMany(Forms))
                .Where(value => value.Length >= MinimumLength)
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(value => value.Length)];
        }
    }

    /// <summary>The text with every secret in it replaced by ***.</summary>
    public string Mask(string text)
    {
        foreach (var value in _values)
            text = text.Replace(value, "***", StringComparison.Ordinal);
        return text;
    }

    private static IEnumerable<string> Forms(string value)
    {
        yield return value;
        yield return Uri.EscapeDataString(value);
        yield return JsonEncodedText.Encode(value).ToString();
        yield return JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        if (value.Contains('\n', StringComparison.Ordinal))
        {
            foreach (var line in value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                yield return line;
        }
    }
}
