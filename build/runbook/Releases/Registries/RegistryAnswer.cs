using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Runback.Runbook.Releases.Registries;

/// <summary>What a server answered, read whole.</summary>
/// <param name="Status">The status.</param>
/// <param name="Address">The address that answered, after redirects.</param>
/// <param name="Headers">The headers, by name.</param>
/// <param name="Body">The body; empty for HEAD.</param>
internal sealed partial record RegistryAnswer(HttpStatusCode Status, Uri Address, ILookup<string, string> Headers, byte[] Body)
{
    /// <summary>The first value of a header, or null.</summary>
    public string? Header(string name) => Headers[name].FirstOrDefault();

    /// <summary>The media type without its parameters, in lower case.</summary>
    public string ContentType => (Header("Content-Type") ?? "").Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>How long to wait before asking again (RFC 9110, 10.2.3), or null.</summary>
    public TimeSpan? RetryAfter(DateTimeOffset now)
    {
        var text = Header("Retry-After");
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(seconds);
        return DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? TimeSpan.FromSeconds(Math.Max(0, (moment - now).TotalSeconds))
            : null;
    }

    /// <summary>
    /// The codes of the error body (OCI distribution specification, "Error Codes"). Only these are ever shown: messages and details may
    /// repeat what was sent, a token included.
    /// </summary>
    public IReadOnlyList<string> ErrorCodes
    {
        get
        {
            try
            {
                using var body = JsonDocument.Parse(Body);
                return [.. body.RootElement.Member("errors").Items().Select(error => error.Member("code").Text()).OfType<string>().Where(code => Code().IsMatch(code)).Take(3)];
            }
            catch (JsonException)
            {
                return [];
            }
        }
    }

    /// <summary>The body as JSON.</summary>
    /// <exception cref="RegistryException">It isn't JSON.</exception>
    public JsonDocument Json(string expected)
    {
        try
        {
            return JsonDocument.Parse(Body);
        }
        catch (JsonException exception)
        {
            var found = Body.Length == 0 ? "an empty answer" : Body.AsSpan().TrimStart(" \r\n\t"u8).StartsWith("<"u8) ? "an HTML page" : "no JSON";
            throw RegistryException.BadAnswer(expected, found, Address, exception);
        }
    }

    [GeneratedRegex(@"\A[A-Z_]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}
