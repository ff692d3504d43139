using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>What a machine has of what the lab needs.</summary>
internal sealed record Machine
{
    /// <summary>Whether an engine answers.</summary>
    public required bool EngineAnswers { get; init; }

    /// <summary>What the client said when none answered.</summary>
    public required string EngineComplaint { get; init; }

    /// <summary>Whether the client has the Compose plugin, version 2 or later.</summary>
    public required bool HasCompose { get; init; }

    /// <summary>What the client said when it had none.</summary>
    public required string ComposeComplaint { get; init; }

    /// <summary>Whether the engine's program is installed here.</summary>
    public required bool HasDaemon { get; init; }

    /// <summary>Whether a client is installed here.</summary>
    public required bool HasClient { get; init; }

    /// <summary>What points the client at another engine than this machine's own, or null.</summary>
    public string? EngineElsewhere { get; init; }

    /// <summary>Whether the engine is there and won't have us.</summary>
    public bool PermissionDenied => EngineComplaint.Contains("permission denied", StringComparison.OrdinalIgnoreCase);

    /// <summary>Looks at the machine.</summary>
    public static async Task<Machine> InspectAsync(Shell shell, CancellationToken cancellation)
    {
        var engine = await AskAsync(shell, cancellation, "version", "--format", "{{.Server.Version}}");
        var compose = await AskAsync(shell, cancellation, "compose", "version", "--short");
        var context = engine is { Succeeded: false } ? await AskAsync(shell, cancellation, "context", "show") : null;
        return new Machine
        {
            HasClient = engine is not null,
            EngineAnswers = engine?.Succeeded ?? false,
            EngineComplaint = engine?.Complaint ?? "docker is not installed",
            HasCompose = compose is { Succeeded: true } && Major(compose.Output) >= 2,
            ComposeComplaint = compose?.Complaint ?? "docker is not installed",
            HasDaemon = EngineDaemon.Program is not null,
            EngineElsewhere = Elsewhere(Environment.GetEnvironmentVariable("DOCKER_HOST"), context?.Succeeded == true ? context.Output.Trim() : "default"),
        };
    }

    /// <summary>The Debian packages that are missing.</summary>
    public IEnumerable<(string Name, bool FromTrixie)> MissingPackages()
    {
        if (!HasClient || (!EngineAnswers && !HasDaemon))
            yield return ("docker.io", false);
        if (!HasCompose)
            yield return ("docker-compose", true);
    }

    /// <summary>The major number of a version as Compose prints it, with or without a leading v; 0 when there is none.</summary>
    internal static int Major(string version) =>
        int.TryParse(version.Trim().TrimStart('v').Split('.')[0], out var major) ? major : 0;

    /// <summary>Names what points elsewhere: the variable, or a context other than the default.</summary>
    internal static string? Elsewhere(string? dockerHost, string context) => dockerHost switch
    {
        { Length: > 0 } when dockerHost != "unix:///var/run/docker.sock" => $"DOCKER_HOST={dockerHost}",
        _ when context != "default" => $"the docker context {context}",
        _ => null,
    };

    private static async Task<CommandResult?> AskAsync(Shell shell, CancellationToken cancellation, params string[] arguments)
    {
        try
        {
            return await shell.TryAsync(new Command("docker", arguments), cancellation);
        }
        catch (RunbookException)
        {
            // There is no such program.
            return null;
        }
    }
}
