using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Runback.Engine.Output;

/// <summary>The spellings in which a secret may turn up in output.</summary>
internal static class SecretForms
{
    /// <summary>Shorter values are not masked: they are everywhere.</summary>
    public const int ShortestSecret = 3;

    /// <summary>The secret itself, each of its lines, and both JSON-escaped, URL-encoded, shell-quoted and in base64.</summary>
    public static IEnumerable<string> Of(string secret)
    {
        var parts = secret.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Append(secret).Append(secret.Trim());
        return parts.Where(x => x.Trim().Length >= ShortestSecret).Distinct().SelectMany(Spellings)
            .Where(x => x.Length >= ShortestSecret).Distinct();
    }

    private static IEnumerable<string> Spellings(string text)
    {
        yield return text;
        yield return JsonEncodedText.Encode(text).ToString();
        yield return JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        foreach (var json in Json(text))
            yield return json;
        // Shells and SQL: in single quotes, in double ones, and word by word.
        yield return text.Replace("'", "'\\''", StringComparison.Ordinal);
        yield return text.Replace("'", "'\"'\"'", StringComparison.Ordinal);
        yield return text.Replace("'", "''", StringComparison.Ordinal);
        yield return Escaped(text, c => "\\\"$`".Contains(c, StringComparison.Ordinal));
        yield return Escaped(text, c => c < 0x80 && !char.IsAsciiLetterOrDigit(c) && !"_-./:,@%+=".Contains(c, StringComparison.Ordinal));
        yield return Escaped(text, c => c is '\\' or '\'');
        foreach (var quote in (string[])["&#39;", "&#x27;", "&apos;"])
        {
            yield return text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
                .Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", quote, StringComparison.Ordinal);
        }


        // Which characters stay as they are differs: none but the unreserved ones, a path's slash, JavaScript's.
        foreach (var kept in (string[])["", "/", "!'()*", "/!'()*"])
        {
            var url = kept.Aggregate(Uri.EscapeDataString(text), (encoded, c) => encoded.Replace(Uri.HexEscape(c), c.ToString(), StringComparison.Ordinal));
            yield return url;
            yield return LowerHex(url);
            yield return url.Replace("%20", "+", StringComparison.Ordinal);
        }

        // Base64 works on groups of three bytes, so the same secret behind a prefix (user:secret) has one of three spellings.
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length >= 6)
        {
            yield return Convert.ToHexStringLower(bytes);
            yield return Convert.ToHexString(bytes);
        }

        foreach (var base64 in (IEnumerable<string>)[Convert.ToBase64String(bytes), Aligned(bytes, 0), Aligned(bytes, 1), Aligned(bytes, 2)])
        {
            // A fragment of base64 that is too short would hit innocent words.
            if (base64.Length < 8 && base64 != Convert.ToBase64String(bytes))
                continue;
            yield return base64;
            yield return base64.Replace('+', '-').Replace('/', '_').TrimEnd('=');
            yield return Uri.EscapeDataString(base64);
        }
    }

    // What writers of JSON other than .NET's escape, and how: all beyond ASCII, what HTML could mistake, the slash; in small letters.
    private static IEnumerable<string> Json(string text)
    {
        var plain = Escaped(text, c => c is '\\' or '"').Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
        foreach (var one in (string[])[plain, plain.Replace("/", "\\/", StringComparison.Ordinal)])
        {
            foreach (var wanted in (Func<char, bool>[])[c => c > 0x7f, c => c is '<' or '>' or '&', c => c > 0x7f || c is '<' or '>' or '&'])
                yield return string.Concat(one.Select(c => wanted(c) ? $"\\u{(int)c:x4}" : c.ToString()));
        }
    }

    private static string Escaped(string text, Func<char, bool> isEscaped) => string.Concat(text.Select(c => isEscaped(c) ? $"\\{c}" : c.ToString()));

    /// <summary>The characters of the base64 that depend on the secret only, when so many bytes stand before it.</summary>
    private static string Aligned(byte[] secret, int before)
    {
        var text = Convert.ToBase64String([.. new byte[before], .. secret]).TrimEnd('=');
        var start = (before * 8 + 5) / 6;
        var end = (before + secret.Length) * 8 / 6;
        return text[start..Math.Min(end, text.Length)];
    }

    private static string LowerHex(string url)
    {
        var text = new StringBuilder(url);
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] == '%')
            {
                text[i + 1] = char.ToLowerInvariant(text[i + 1]);
                text[i + 2] = char.ToLowerInvariant(text[i + 2]);
            }
        }

        return text.ToString();
    }
}
