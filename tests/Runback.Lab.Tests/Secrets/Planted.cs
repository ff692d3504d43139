using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Runback.Lab.Tests.PlantedSecrets;

/// <summary>Known secrets, each found again by every spelling in which it may turn up.</summary>
internal sealed class Planted
{
    private readonly List<(string Name, string Form)> _forms = [];

    public IReadOnlyDictionary<string, string> Values => _values;

    private readonly Dictionary<string, string> _values = [];

    /// <summary>A new secret: letters, digits, and more where the place takes it.</summary>
    public string New(string name, string more = "") => Known(name, $"pl4nt{more}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(9))}");

    /// <summary>One that is there already.</summary>
    public string Known(string name, string value)
    {
        _values.Add(name, value);
        _forms.AddRange(FormsOf(value).Distinct().Select(form => (name, form)));
        return value;
    }

    /// <summary>Which secrets a text holds, where, and with what around them.</summary>
    public IEnumerable<string> Find(string place, string text)
    {
        foreach (var (name, form) in _forms)
        {
            for (var at = text.IndexOf(form, StringComparison.Ordinal); at >= 0; at = text.IndexOf(form, at + form.Length, StringComparison.Ordinal))
                yield return $"{name} in {place}: …{text[Math.Max(0, at - 60)..at].ReplaceLineEndings(" ")}<{form}>";
        }
    }

    private static IEnumerable<string> FormsOf(string value)
    {
        yield return value;
        var url = Uri.EscapeDataString(value);
        yield return url;
        yield return url.Replace("%2F", "%2f", StringComparison.Ordinal).Replace("%2B", "%2b", StringComparison.Ordinal);
        yield return JsonEncodedText.Encode(value).ToString();
        yield return JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        yield return System.Net.WebUtility.HtmlEncode(value);
        var bytes = Encoding.UTF8.GetBytes(value);
        for (var before = 0; before < 3; before++)
        {
            // What depends on the secret alone, whatever stands around it.
            var base64 = Convert.ToBase64String([.. new byte[before], .. bytes]);
            var inner = base64[((before * 8 + 5) / 6)..((before + bytes.Length) * 8 / 6)];
            yield return inner;
            yield return inner.Replace('+', '-').Replace('/', '_');
        }
    }
}
