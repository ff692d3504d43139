using System.Text.Json;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>
/// A request that a release must be able to answer, as a line of the profile: <c>[GET|HEAD] /path [status] [condition …]</c>, such as
/// <c>/bookings/1</c> or <c>GET /bookings?limit=1 200 $[0].id $[0].state=open</c>. It only reads: it is sent to production too.
/// </summary>
/// <param name="Text">The line as it was written.</param>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Path">The path with its query, relative to the base URL.</param>
/// <param name="Status">The status that it must have, or null for any 2xx.</param>
/// <param name="Conditions">What the JSON in the body must hold.</param>
public sealed record SmokeRequest(string Text, HttpMethod Method, string Path, int? Status, IReadOnlyList<JsonCondition> Conditions)
{
    private const string Form = "a line is `[GET|HEAD] /path [status] [$.field | $.field=value …]`, for example `GET /bookings?limit=1 200 $[0].id`";

    /// <summary>Reads a line.</summary>
    /// <exception cref="RunbookException">It isn't of that form (outcome Usage).</exception>
    public static SmokeRequest Parse(string line)
    {
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var at = 0;
        var method = HttpMethod.Get;
        if (words.Length > 0 && !words[0].StartsWith('/'))
        {
            method = words[at++].ToUpperInvariant() switch
            {
                "GET" => HttpMethod.Get,
                "HEAD" => HttpMethod.Head,
                _ => throw Wrong(line, "GET or HEAD, which change nothing", words[0]),
            };
        }
        if (at == words.Length || !words[at].StartsWith('/') || words[at].StartsWith("//", StringComparison.Ordinal))
            throw Wrong(line, "a path that begins with one `/`", at == words.Length ? "none" : words[at]);
        var path = words[at++];
        if (!Uri.TryCreate(path, UriKind.Relative, out _))
            throw Wrong(line, "a path", path);
        int? status = null;
        if (at < words.Length && !words[at].StartsWith('$'))
        {
            status = int.TryParse(words[at], out var number) && number is >= 100 and <= 599 ? number : throw Wrong(line, "a status between 100 and 599, or a condition that begins with `$`", words[at]);
            at++;
        }
        var conditions = words.Skip(at).Select(word => JsonCondition.TryParse(word) ?? throw Wrong(line, "a condition such as `$[0].id` or `$.state=open`", word)).ToList();
        return conditions.Count > 0 && method == HttpMethod.Head
            ? throw Wrong(line, "no condition on the body of a HEAD request, which has none", words[at])
            : new SmokeRequest(line.Trim(), method, path, status, conditions);
    }

    /// <summary>What is expected, for people.</summary>
    public string Expected => string.Join(" and ", [Status is { } status ? $"{status}" : "2xx", .. Conditions.Select(condition => condition.ToString())]);

    /// <summary>What an answer has instead of what is expected; null when it is as expected.</summary>
    public string? Judge(ProbeResult answer)
    {
        if (answer.Failure is not null || !(Status is { } status ? answer.Status == status : answer.IsSuccess))
            return answer.Found;
        if (Conditions.Count == 0)
            return null;
        try
        {
            var body = Reports.JsonFacts.Value(answer.Body);
            return Conditions.Select(condition => condition.Judge(body)).FirstOrDefault(problem => problem is not null) is { } problem ? $"{answer.Found}; {problem}" : null;
        }
        catch (JsonException)
        {
            return $"{answer.Found}; the body is {answer.ContentType ?? "of no type"}, not JSON";
        }
    }

    private static RunbookException Wrong(string line, string expected, string found) =>
        RunbookException.Usage($"expected {expected} in the smoke request `{line.Trim()}`, found {(found == "none" ? "none" : $"`{found}`")}", Form);
}
