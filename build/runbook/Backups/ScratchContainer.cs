using System.Globalization;
using Runback.Runbook.Databases;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Backups;

/// <summary>The containers that verifying and rehearsing use: how they are started, named, found and removed.</summary>
public static class ScratchContainer
{
    // Between its creation and its start a living run's container looks like a leftover.
    private static readonly TimeSpan Starting = TimeSpan.FromMinutes(2);

    /// <summary>A name that nobody else has.</summary>
    internal static string NewName() => $"runback-scratch-{Guid.NewGuid():N}"[..28];

    /// <summary>Starts one: isolated, unprivileged, gone when it ends or when its standard input does.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">The image, the labels and the network.</param>
    /// <param name="shell">Makes the container.</param>
    /// <param name="settings">What else is set for the container.</param>
    /// <param name="arguments">What follows the image.</param>
    /// <param name="cancellation">Keeps it from being begun.</param>
    /// <exception cref="PostgresException">The engine refused to make it.</exception>
    internal static async Task<RunningCommand> StartAsync(
        string name, ScratchOptions options, Shell shell, IEnumerable<string> settings, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // Not to be ended halfway: the engine would go on, and a container that is made after it was removed would stay.
        var made = await shell.TryAsync(Create(name, options).With(settings).With(options.Image).With(arguments), CancellationToken.None);
        if (!made.Succeeded)
            throw PostgresComplaint.Explain($"a scratch container of {options.Image}", made.Error, made.ExitCode);
        return Shell.Start(new Command("docker", "start", "--attach", "--interactive", name));
    }

    private static Command Create(string name, ScratchOptions options) =>
        new Command(
            "docker", "create", "--rm", "--interactive", "--name", name, "--pull=never", "--user=postgres", "--cap-drop=ALL",
            "--security-opt=no-new-privileges", $"--label={ScratchServer.Label}={options.Run}", $"--label={ScratchServer.DeploymentLabel}={options.Deployment}",
            // Server and programs alike take it from there (PostgreSQL manual, "Environment Variables").
            $"--env=PGPORT={options.Port}", "--network=" + (options.Network ?? "none")).With(options.Aliases.Select(alias => "--network-alias=" + alias));

    /// <summary>Removes one, whatever its state; one that is gone is no error.</summary>
    internal static async Task RemoveAsync(string name, Shell shell)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await shell.TryAsync(new Command("docker", "rm", "--force", "--volumes", name), patience.Token);
        }
        catch (OperationCanceledException)
        {
            // The engine doesn't answer. The container ends with its standard input.
        }
    }

    /// <summary>Removes those of a deployment whose run is gone. Running ones aren't: they end with the run that holds them.</summary>
    /// <returns>The names of those that were removed.</returns>
    public static async Task<IReadOnlyList<string>> RemoveLeftoversAsync(string deployment, Shell shell, CancellationToken cancellation)
    {
        var listed = await shell.ReadAsync(
            new Command("docker", "ps", "--all", "--filter", $"label={ScratchServer.DeploymentLabel}={deployment}", "--filter", $"label={ScratchServer.Label}",
                "--filter", "status=created", "--filter", "status=exited", "--filter", "status=dead", "--format", "{{.Names}}\t{{.CreatedAt}}"), cancellation);
        var removed = new List<string>();
        foreach (var line in listed.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, created) = (line.Split('\t')[0], line.Split('\t')[1]);
            if (DateTimeOffset.UtcNow - Created(created) < Starting)
                continue;
            await RemoveAsync(name, shell);
            removed.Add(name);
        }
        return removed;
    }

    // "2026-01-31 12:00:00 +0000 UTC": the zone's name after the offset says nothing more.
    private static DateTimeOffset Created(string text) =>
        DateTimeOffset.TryParseExact(string.Join(' ', text.Split(' ').Take(3)), "yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at
            : DateTimeOffset.UtcNow;
}
