using System.Text.Json;
using System.Text.Json.Nodes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Deployments;

/// <summary>A Compose project as Compose itself resolves it.</summary>
/// <param name="Name">The project's name.</param>
/// <param name="Services">Its services, by name.</param>
public sealed record ComposeProject(string Name, IReadOnlyDictionary<string, ComposeService> Services)
{
    /// <summary>The names that the engine has for its volumes, by the project's own.</summary>
    public IReadOnlyDictionary<string, string> Volumes { get; init; } = new Dictionary<string, string>();

    /// <summary>The names that the engine has for its networks, by the project's own.</summary>
    public IReadOnlyDictionary<string, string> Networks { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the secrets come from that services are given as files.</summary>
    internal IReadOnlyList<SecretSource> Secrets { get; init; } = [];

    /// <summary>Reads the output of <c>docker compose config --format json</c>.</summary>
    /// <exception cref="RunbookException">It isn't that.</exception>
    public static ComposeProject Parse(string json)
    {
        try
        {
            var root = JsonNode.Parse(json)!;
            var services = root["services"]?.AsObject().ToDictionary(
                service => service.Key, service => ComposeService.From(service.Key, service.Value!), StringComparer.Ordinal);
            return new ComposeProject(root["name"]!.GetValue<string>(), services ?? []) { Volumes = Names(root["volumes"]), Networks = Names(root["networks"]), Secrets = SecretSource.From(root["secrets"]) };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException or FormatException or OverflowException or ArgumentException)
        {
            throw new RunbookException(
                $"expected `docker compose config --format json` to print a project, found: {exception.Message}",
                "Compose 2.20 or later is needed: see `docker compose version`", inner: exception);
        }
    }

    private static Dictionary<string, string> Names(JsonNode? json) =>
        json?.AsObject().ToDictionary(one => one.Key, one => one.Value?["name"]?.ToString() ?? one.Key, StringComparer.Ordinal) ?? [];

    /// <summary>The services that others need, directly or through others.</summary>
    public IReadOnlyCollection<string> DependenciesOf(IEnumerable<string> services)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>(services);
        while (open.TryDequeue(out var name))
        {
            foreach (var needed in Services.TryGetValue(name, out var service) ? service.DependsOn : [])
            {
                if (found.Add(needed))
                    open.Enqueue(needed);
            }
        }
        return found;
    }

    /// <summary>The service of that name.</summary>
    /// <exception cref="RunbookException">There is none; the hint names those there are.</exception>
    public ComposeService Service(string name) => Services.TryGetValue(name, out var service)
        ? service
        : throw RunbookException.Refused(
            $"expected a service `{name}` in the compose files of project {Name}, found none",
            $"the compose files have: {string.Join(", ", Services.Keys.Order(StringComparer.Ordinal))}");
}
