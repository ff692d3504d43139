using System.Text;
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
    private string[] _given = [];

    /// <summary>The values as they were added.</summary>
    public IReadOnlyCollection<string> Values => _given;

    /// <summary>Adds values to hide, in the forms in which they may turn up: as they are, JSON-escaped, URL-encoded, in base64, and each line of several.</summary>
    public void Add(params IEnumerable<string?> values)
    {
        lock (_lock)
        {
            // Through the old ones once only: what is learnt again changes nothing.
            List<string> fresh = [.. values.OfType<string>().Where(value => value.Length >= MinimumLength).Distinct(StringComparer.Ordinal).Except(_given, StringComparer.Ordinal)];
            if (fresh.Count == 0)
                return;
            _given = [.. _given, .. fresh];
            _values = [.. _values
                .Concat(fresh.SelectMany(Forms))
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

    // Base64 works on groups of three bytes: the same value behind others, as in user:password, has one of three spellings, and what stands
    // at its ends depends on its neighbours. Short pieces would hit innocent words.
    private static IEnumerable<string> Base64(byte[] value)
    {
        const int Shortest = 10;
        yield return Convert.ToBase64String(value);
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String([.. new byte[before], .. value]);
            var inner = text[((before * 8 + 5) / 6)..((before + value.Length) * 8 / 6)];
            if (inner.Length < Shortest)
                continue;
            yield return inner;
            yield return inner.Replace('+', '-').Replace('/', '_');
            yield return Uri.EscapeDataString(inner);
        }
    }

    private static IEnumerable<string> Forms(string value)
    {
        yield return value;
        yield return Uri.EscapeDataString(value);
        yield return JsonEncodedText.Encode(value).ToString();
        yield return JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        foreach (var encoded in Base64(Encoding.UTF8.GetBytes(value)))
            yield return encoded;
        if (value.Contains('\n', StringComparison.Ordinal))
        {
            foreach (var line in value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                yield return line;
        }
    }
}
