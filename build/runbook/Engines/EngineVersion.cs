using System.Text.Json;
using System.Text.Json.Nodes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Engines;

/// <summary>
/// Chooses the version of the Engine API that is spoken with an engine. Every engine answers requests of a range of versions: 20.10 up to 1.41, 29 none below
/// 1.44 (<c>ApiVersion</c> and <c>MinAPIVersion</c> of <c>GET /version</c>, which needs no version itself). The oldest one that both know is taken, so that a
/// newer engine's answers keep the shape that is read here.
/// </summary>
internal static class EngineVersion
{
    /// <summary>The oldest version that everything read here is in.</summary>
    public static readonly Version Oldest = new(1, 41);

    private const string Hint = "see `docker version`; DOCKER_HOST or the docker context must name the engine that runs the deployment";

    /// <summary>The version to speak.</summary>
    /// <param name="answer">What the engine answered to <c>GET /version</c>.</param>
    /// <exception cref="RunbookException">It is no engine's answer, or the engine is too old.</exception>
    public static Version Agreed(string answer)
    {
        JsonNode? json;
        try
        {
            json = JsonNode.Parse(answer);
        }
        catch (JsonException)
        {
            throw NoEngine(answer);
        }

        if (Read(json, "ApiVersion") is not { } newest)
            throw NoEngine(answer);
        if (answer.Contains("Podman", StringComparison.Ordinal))
        {
            throw RunbookException.Refused(
                "expected a Docker engine, found Podman, whose Docker-compatible interface lacks what a rollback needs (a lock that ends with its holder, archives of images)",
                "Runback works with Docker Engine 20.10 or later: DOCKER_HOST or the docker context must name one");
        }
        if (newest < Oldest)
        {
            throw RunbookException.Refused(
                $"expected a Docker engine with API version {Oldest} or later, found {newest}",
                "upgrade Docker on the engine's host to 20.10 or later");
        }

        // Engines before 1.25, and some that only play one, don't tell the oldest version that they answer.
        var oldest = Read(json, "MinAPIVersion") ?? Oldest;
        return oldest > Oldest ? oldest : Oldest;
    }

    private static Version? Read(JsonNode? json, string name) =>
        json is JsonObject about && about[name] is JsonValue value && value.TryGetValue<string>(out var text) && Version.TryParse(text, out var version) ? version : null;

    private static RunbookException NoEngine(string answer)
    {
        var text = Narration.Printable(answer.Trim());
        return RunbookException.Refused($"expected a Docker engine to tell its API version, found {(text.Length > 0 ? $"`{(text.Length > 100 ? text[..100] + "…" : text)}`" : "an empty answer")}", Hint);
    }
}
