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
        yield return text.Replace("'", "'\\''", StringComparison.Ordinal);

        var url = Uri.EscapeDataString(text);
        yield return url;
        yield return LowerHex(url);
        yield return url.Replace("%20", "+", StringComparison.Ordinal);

        // Base64 works on groups of three bytes, so the same secret behind a prefix (user:secret) has one of three spellings.
        var bytes = Encoding.UTF8.GetBytes(text);
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
