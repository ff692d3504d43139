using Runback.Runbook.Backups;
using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Rehearsals;

/// <summary>A network without any way out (trap 14), for one rehearsal. With it goes whatever is still on it.</summary>
internal sealed class RehearsalNetwork : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Shell _shell;

    private RehearsalNetwork(string name, Shell shell) => (Name, _shell) = (name, shell);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Makes one.</summary>
    /// <exception cref="CommandFailedException">The engine refused.</exception>
    public static async Task<RehearsalNetwork> CreateAsync(string deployment, string run, Shell shell, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var network = new RehearsalNetwork($"runback-rehearsal-{Guid.NewGuid():N}"[..30], shell);
        // Not to be ended halfway: then it would be there, and nobody would know.
        await shell.ReadAsync(
            new Command("docker", "network", "create", "--internal", $"--label={Labels.Scratch}={run}", $"--label={Labels.Deployment}={deployment}", network.Name),
            CancellationToken.None);
        return network;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (!(await _shell.TryAsync(new Command("docker", "network", "rm", Name), patience.Token) is var removed
                     && (removed.Succeeded || removed.Error.Contains("not found", StringComparison.OrdinalIgnoreCase) || removed.Error.Contains("No such network", StringComparison.OrdinalIgnoreCase))))
            {
                var left = await _shell.TryAsync(new Command("docker", "ps", "--all", "--filter", "network=" + Name, "--format", "{{.Names}}"), patience.Token);
                foreach (var name in left.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    await ScratchContainer.RemoveAsync(name, _shell);
                await Task.Delay(100, patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The engine doesn't answer. The next run finds it by its label.
        }
    }
}
