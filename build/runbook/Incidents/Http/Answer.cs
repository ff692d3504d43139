using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Runback.Runbook.Incidents.Http;

/// <summary>What a service answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body's beginning, as text.</param>
/// <param name="RetryAfter">How long it asks to wait (RFC 9110, 10.2.3), or null.</param>
/// <param name="Location">Where it redirects to, or null.</param>
internal sealed partial record Answer(HttpStatusCode Status, string Body, TimeSpan? RetryAfter, Uri? Location)
{
    /// <summary>The kind of its body, as it says itself, or null.</summary>
    public string? MediaType { get; init; }

    /// <summary>Whether it is a page for a browser.</summary>
    public bool IsHtml => MediaType is "text/html" or "application/xhtml+xml" || IsHtmlPage().IsMatch(Body);

    /// <summary>Whether it is 2xx.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Whether it is a redirect, which is never followed.</summary>
    public bool IsRedirect => (int)Status is >= 300 and < 400;

    /// <summary>
    /// Whether the same request may be answered otherwise a little later: too many requests (also as a 403 that says when to come back, GitHub's
    /// secondary rate limit), or a server that fails.
    /// </summary>
    public bool MayPass => Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        || (Status == HttpStatusCode.Forbidden && RetryAfter is not null);

    /// <summary>The body as JSON, or null when it isn't.</summary>
    public JsonNode? Json
    {
        get
        {
            try
            {
                return Reports.JsonFacts.Value(Body);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>A text or number of the body's object, as text; null when there is none.</summary>
    public string? Member(params ReadOnlySpan<string> path)
    {
        var node = Json;
        foreach (var name in path)
            node = Of(node, name);
        return node is JsonValue value ? value.TryGetValue<string>(out var text) ? text : value.TryGetValue<long>(out var number) ? number.ToString(CultureInfo.InvariantCulture) : null : null;
    }

    [GeneratedRegex(@"\A\s*<(!doctype\s+)?html\b", RegexOptions.IgnoreCase)]
    private static partial Regex IsHtmlPage();

    private static JsonNode? Of(JsonNode? node, string name)
    {
        try
        {
            return node is JsonObject known && known.TryGetPropertyValue(name, out var member) ? member : null;
        }
        catch (ArgumentException)
        {
            // The same name twice.
            return null;
        }
    }
}
