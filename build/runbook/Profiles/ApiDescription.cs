using System.Text.Json;
using System.Text.Json.Nodes;

namespace Runback.Runbook.Profiles;

/// <summary>A request that an API's description lets anybody make.</summary>
/// <param name="Path">The path with its query.</param>
/// <param name="Condition">What its answer must hold, as <see cref="Verification.JsonCondition"/> reads it; null when the description doesn't say.</param>
public sealed record DescribedRequest(string Path, string? Condition)
{
    /// <summary>It as a line of a profile's <c>SmokeRequests</c>.</summary>
    public string Line => $"GET {Path} 200{(Condition is null ? "" : $" {Condition}")}";
}

/// <summary>What is taken from an API's own description. Source: OpenAPI Specification 3.1, "Paths Object", "Operation Object"; Swagger 2.0 as far as it is the same.</summary>
/// <param name="Where">Where the description was found.</param>
/// <param name="Paths">Every path that answers GET and has no parameter in it.</param>
/// <param name="Requests">Those of them that need neither a parameter nor a login, and answer with JSON: candidates for smoke requests.</param>
public sealed record ApiDescription(string Where, IReadOnlyList<string> Paths, IReadOnlyList<DescribedRequest> Requests)
{
    // What may be large, ends a session, calls others, or never ends is asked by nobody who only wants to know whether it answers.
    private static readonly HashSet<string> Never =
    [
        .. ("log logs login logout signin signout register auth oauth oauth2 sso saml token tokens callback webhook webhooks export exports download downloads report reports "
            + "stream streams event events sse ws metric metrics admin debug test tests docs redoc openapi openapi.json random send run runs task tasks job jobs sync refresh trigger "
            + "reset unsubscribe confirm verify health healthz healthcheck ready readyz readiness live livez liveness ping status").Split(' '),
    ];

    /// <summary>Reads a description; null when the text is none.</summary>
    /// <param name="json">The text.</param>
    /// <param name="where">Where it was found.</param>
    public static ApiDescription? Parse(string json, string where)
    {
        try
        {
            if (JsonNode.Parse(json) is not JsonObject root || (root["openapi"] ?? root["swagger"]) is null || root["paths"] is not JsonObject paths)
                return null;
            var prefix = Prefix(root);
            var plain = paths.Where(path => path.Key.StartsWith('/') && !path.Key.Contains('{', StringComparison.Ordinal) && path.Value?["get"] is JsonObject).ToList();
            return new ApiDescription(where, [.. plain.Select(path => prefix + path.Key)],
            [
                .. plain.Where(path => !path.Key.Split('/', '-', '_').Any(word => Never.Contains(word.ToLowerInvariant())))
                    .Select(path => Request(root, prefix + path.Key, path.Value!.AsObject())).OfType<DescribedRequest>()
                    // One that says what its answer holds proves more.
                    .OrderByDescending(request => request.Condition is not null),
            ]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static string Prefix(JsonObject root) =>
        ((root["servers"] as JsonArray)?.FirstOrDefault()?["url"] ?? root["basePath"])?.ToString() is { } url && url.StartsWith('/') ? url.TrimEnd('/') : "";

    private static DescribedRequest? Request(JsonObject root, string path, JsonObject item)
    {
        var get = item["get"]!.AsObject();
        var parameters = new[] { item["parameters"], get["parameters"] }.OfType<JsonArray>().SelectMany(list => list).Select(one => Resolved(root, one)).ToList();
        var asksForLogin = (get["security"] ?? root["security"]) is JsonArray { Count: > 0 } security && !security.Any(one => one is JsonObject { Count: 0 });
        if (asksForLogin || parameters.Exists(one => one is null || one["required"]?.ToString() == "true"))
            return null;
        // A login that the description doesn't call one is a header all the same.
        if (parameters.Exists(one => one!["in"]?.ToString() is "header" or "cookie" && $"{one["name"]}".Contains("auth", StringComparison.OrdinalIgnoreCase)))
            return null;
        if (Resolved(root, get["responses"]?["200"]) is not { } answer || (answer["content"]?["application/json"]?["schema"] ?? answer["schema"]) is not { } schema)
            return null;
        var limit = parameters.Find(one => one!["in"]?.ToString() == "query" && one["name"]?.ToString() is "limit" or "page_size" or "per_page")?["name"]?.ToString();
        return new DescribedRequest(limit is null ? path : $"{path}?{limit}=1", Condition(Resolved(root, schema)));
    }

    // A list may be empty; a member that has to be there is there.
    private static string? Condition(JsonNode? schema) =>
        schema?["type"]?.ToString() == "object" && (schema["required"] as JsonArray)?.FirstOrDefault()?.ToString() is { Length: > 0 } name && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? $"$.{name}" : null;

    private static JsonNode? Resolved(JsonObject root, JsonNode? node)
    {
        for (var steps = 0; steps < 8 && node is JsonObject one && one["$ref"]?.ToString() is { } reference; steps++)
            node = reference.StartsWith("#/", StringComparison.Ordinal) ? reference[2..].Split('/').Aggregate((JsonNode?)root, (at, name) => (at as JsonObject)?[name]) : null;
        return node;
    }
}
