using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Rehearsals;

/// <summary>
/// The command that starts an image as one of the deployment's services would be started, on the rehearsal's network and with nothing else of
/// production: no ports, no volumes, no restart, and a log that stays on the engine's host.
/// </summary>
/// <param name="Service">The service, as Compose resolved it.</param>
/// <param name="Image">The image.</param>
/// <param name="Network">The rehearsal's network.</param>
/// <param name="Deployment">The Compose project, for labels.</param>
/// <param name="Run">The run, for labels.</param>
internal sealed record ServiceContainer(ComposeService Service, string Image, string Network, string Deployment, string Run)
{
    /// <summary>What runs instead of the service's own command, or null.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Environment beside the service's own; it wins.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The command that starts it and returns while it runs; the container stays until it is removed, so that its log can be read.</summary>
    public Command Start(string name) => Build("run", name, "--detach", "--network-alias=" + Service.Name);

    /// <summary>The command that makes it without starting it; when it has ended it is gone.</summary>
    public Command Create(string name) => Build("create", name, "--rm");

    private Command Build(string verb, string name, params IEnumerable<string> how)
    {
        var environment = Service.Environment.Concat(Environment).GroupBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(same => same.Last()).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var command = new Command("docker", verb, "--name=" + name, "--pull=never", "--network=" + Network, "--no-healthcheck", "--log-driver=local")
            .With($"--label={Labels.Scratch}={Run}", $"--label={Labels.Deployment}={Deployment}").With(how)
            .With(Service.User is { } user ? ["--user=" + user] : [])
            .With(Service.WorkingDirectory is { } folder ? ["--workdir=" + folder] : [])
            .With(Service.Temporary.Select(folder => "--tmpfs=" + folder));
        var input = new List<string>();
        foreach (var (key, value) in environment)
        {
            if (value.Length == 0)
                command = command.With($"--env={key}=");
            else if (IsDockers(key) && !value.Contains('\n', StringComparison.Ordinal))
                input.Add($"{key}={value}");
            else
                command = command.With("--env=" + key).WithSecret(key, value);
        }
        if (input.Count > 0)
            command = command.With("--env-file=/dev/stdin").WithInput(string.Join('\n', input) + "\n");
        var entrypoint = Service.Entrypoint is { Count: > 0 } words ? words : null;
        return command
            .With(Service.Entrypoint is null ? [] : ["--entrypoint=" + (entrypoint?[0] ?? "")])
            .With(Image).With(entrypoint?.Skip(1) ?? []).With(Command ?? Service.Command ?? []);
    }

    // The docker command reads these itself: given to it, they would change where it goes, not what the container sees.
    private static bool IsDockers(string name) =>
        name is "PATH" or "HOME" or "TMPDIR" or "SSL_CERT_FILE" or "SSL_CERT_DIR"
        || name.StartsWith("DOCKER_", StringComparison.Ordinal) || name.StartsWith("LD_", StringComparison.Ordinal)
        || name.StartsWith("GO", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal) || name.StartsWith("SSH_", StringComparison.Ordinal)
        || name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase);
}
