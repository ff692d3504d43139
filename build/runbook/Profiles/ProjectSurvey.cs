using System.Text.Json;
using System.Text.Json.Nodes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Profiles;

/// <summary>What was observed of a Compose project, before anything is made of it. No value of a variable is in it that isn't in the resolved project.</summary>
/// <param name="Name">The project's name.</param>
/// <param name="Folder">The folder with the compose files, absolute.</param>
/// <param name="ComposeFiles">The compose files in Compose's order, from the folder on.</param>
/// <param name="EnvFile">The env file, from the folder on.</param>
/// <param name="Services">Its services, by name, those of inactive profiles too.</param>
public sealed record ProjectSurvey(
    string Name, string Folder, IReadOnlyList<string> ComposeFiles, string EnvFile, IReadOnlyList<SurveyedService> Services)
{
    /// <summary>Whether the env file is there.</summary>
    public bool HasEnvFile { get; init; } = true;

    /// <summary>The variables that the env file assigns.</summary>
    public IReadOnlyCollection<string> Assigned { get; init; } = [];

    /// <summary>How the compose files and the env file were found.</summary>
    public string FoundBy { get; init; } = "as Compose finds them";

    /// <summary>Compose files of the folder that aren't among those that are used.</summary>
    public IReadOnlyList<string> UnusedFiles { get; init; } = [];

    /// <summary>Whether the folder for backups that a profile names by default is there.</summary>
    public bool HasBackupFolder { get; init; }

    /// <summary>Why the engine couldn't be asked; null when it could.</summary>
    public string? EngineProblem { get; init; }

    /// <summary>The texts of the proxies' own configurations, by service.</summary>
    public IReadOnlyDictionary<string, string> ProxyFiles { get; init; } = new Dictionary<string, string>();

    /// <summary>Where Alembic's revisions were found; null when nowhere that could be looked at.</summary>
    public AlembicPlace? Alembic { get; init; }

    /// <summary>The address under which the application answered; null when it wasn't asked, or didn't.</summary>
    public Uri? Answering { get; init; }

    /// <summary>What was answered there, by path.</summary>
    public IReadOnlyDictionary<string, SurveyedAnswer> Answers { get; init; } = new Dictionary<string, SurveyedAnswer>();

    /// <summary>The API's own description, or null.</summary>
    public ApiDescription? Api { get; init; }

    /// <summary>The service of that name, or null.</summary>
    public SurveyedService? this[string name] => Services.FirstOrDefault(service => service.Name == name);

    // A template for others, most often.
    private static bool IsScaledToNone(JsonNode service) => (service["deploy"]?["replicas"] ?? service["scale"])?.ToString() == "0";

    /// <summary>Reads a project.</summary>
    /// <param name="all">The output of <c>docker compose --profile '*' config --format json</c>.</param>
    /// <param name="active">The same without <c>--profile</c>: what a plain <c>up</c> starts.</param>
    /// <param name="template">The same with <c>--no-interpolate</c>; null when Compose couldn't give it.</param>
    /// <param name="folder">The folder with the compose files.</param>
    /// <param name="composeFiles">The compose files, from the folder on.</param>
    /// <param name="envFile">The env file, from the folder on.</param>
    /// <exception cref="RunbookException">It isn't what Compose prints.</exception>
    public static ProjectSurvey Parse(string all, string active, string? template, string folder, IReadOnlyList<string> composeFiles, string envFile)
    {
        try
        {
            var (root, templates) = (JsonNode.Parse(all)!, template is null ? null : JsonNode.Parse(template)?["services"]);
            var awake = JsonNode.Parse(active)!["services"]?.AsObject().Select(service => service.Key).ToHashSet(StringComparer.Ordinal) ?? [];
            return new ProjectSurvey(root["name"]!.GetValue<string>(), folder, composeFiles, envFile,
            [
                .. root["services"]?.AsObject().OrderBy(service => service.Key, StringComparer.Ordinal)
                    .Select(service => SurveyedService.From(service.Key, service.Value!, templates?[service.Key]) with { IsAsleep = !awake.Contains(service.Key) || IsScaledToNone(service.Value!) }) ?? [],
            ]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException or FormatException or OverflowException or ArgumentException)
        {
            throw new RunbookException(
                $"expected `docker compose config --format json` to print a project, found: {exception.Message}",
                "Compose 2.20 or later is needed: see `docker compose version`", inner: exception);
        }
    }
}

/// <summary>Where Alembic's revisions are.</summary>
/// <param name="Directory">The folder of revision files, from the image's working directory or absolute.</param>
/// <param name="IsInImage">Whether it was seen in the image; else in a folder of sources, and the image may have it elsewhere.</param>
/// <param name="Where">What tells it.</param>
public sealed record AlembicPlace(string Directory, bool IsInImage, string Where);

/// <summary>What a path of the application answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="IsReadiness">Whether the body is a readiness payload.</param>
public sealed record SurveyedAnswer(int Status, bool IsReadiness)
{
    /// <summary>Whether it answered 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;
}
