using System.Text.Json;
using System.Text.Json.Nodes;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Deployments;

/// <summary>Asks Compose itself what it reads from an env file, by a project of one service that is given every variable; no engine is needed for it.</summary>
internal static class ComposeVariables
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The values of variables as Compose reads them; one that isn't assigned is empty.</summary>
    /// <exception cref="RunbookException">Compose doesn't read the file.</exception>
    /// <param name="envFile">The env file.</param>
    /// <param name="names">The variables. Those that can't be named in a compose file are left out.</param>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(string envFile, IReadOnlyCollection<string> names)
    {
        var known = names.Where(IsName).ToList();
        using var limit = new CancellationTokenSource(Limit);
        var project = new JsonObject
        {
            ["name"] = "probe",
            ["services"] = new JsonObject { ["probe"] = new JsonObject { ["image"] = "probe", ["environment"] = new JsonObject(known.Select(name => KeyValuePair.Create(name, (JsonNode?)$"${{{name}-}}"))) } },
        };
        // What stands in the shell would win over the file.
        var command = new Command("docker", "compose", "--env-file", envFile, "--file", "-", "config", "--format", "json")
            .WithInput(project.ToJsonString()) with { Unset = [.. known.Where(name => Environment.GetEnvironmentVariable(name) is not null && !IsCompose(name))] };
        CommandResult result;
        try
        {
            result = await Shell.Quiet.TryAsync(command, limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new RunbookException($"expected Compose to read {envFile} within {Limit.TotalSeconds:0} s, found it still busy", "try it by hand: docker compose config");
        }
        if (!result.Succeeded)
            throw new RunbookException($"expected an env file that Compose can read, found: {result.Complaint}", "try it by hand: docker compose config");
        try
        {
            var environment = JsonNode.Parse(result.Output)!["services"]!["probe"]!["environment"]?.AsObject();
            return known.ToDictionary(name => name, name => environment?[name]?.ToString().Replace("$$", "$", StringComparison.Ordinal) ?? "", StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new RunbookException($"expected `docker compose config --format json` to print a project, found: {exception.Message}", "Compose 2.20 or later is needed: see `docker compose version`", inner: exception);
        }
    }

    private static bool IsName(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    // How the client itself works; without them it may not start.
    private static bool IsCompose(string name) => name is "PATH" or "HOME" || name.StartsWith("DOCKER_", StringComparison.Ordinal);
}
