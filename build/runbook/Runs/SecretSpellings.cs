using System.Text;

namespace Runback.Runbook.Runs;

/// <summary>
/// The spellings of a secret that are known beforehand: as it is, each of its lines, in base64 and in hexadecimal digits. Those in which single characters are
/// escaped are found by <see cref="SpellingPattern"/>.
/// </summary>
internal static class SecretSpellings
{
    // Short pieces would hit innocent words.
    private const int ShortestLine = 6;
    private const int ShortestBase64 = 10;
    private const int ShortestHex = 12;

    /// <summary>The spellings, the value itself first.</summary>
    public static IEnumerable<string> Of(string value) => Lines(value).SelectMany(One);

    /// <summary>The value, and its lines where it has several.</summary>
    public static IEnumerable<string> Lines(string value)
    {
        yield return value;
        if (value.AsSpan().IndexOfAny('\n', '\r') < 0)
            yield break;
        foreach (var line in value.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.Length >= ShortestLine)
                yield return line;
        }
    }

    private static IEnumerable<string> One(string value)
    {
        yield return value;
        var bytes = Encoding.UTF8.GetBytes(value);
        var hex = Convert.ToHexStringLower(bytes);
        if (hex.Length >= ShortestHex)
        {
            yield return hex;
            yield return hex.ToUpperInvariant();
        }
        yield return Convert.ToBase64String(bytes);
        // Base64 works on groups of three bytes: the same value behind others, as in user:password, has one of three spellings, and what stands
        // at its ends depends on its neighbours.
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String([.. new byte[before], .. bytes]);
            var inner = text[((before * 8 + 5) / 6)..((before + bytes.Length) * 8 / 6)];
            if (inner.Length < ShortestBase64)
                continue;
            yield return inner;
            yield return inner.Replace('+', '-').Replace('/', '_');
            yield return Uri.EscapeDataString(inner);
        }
    }
}
