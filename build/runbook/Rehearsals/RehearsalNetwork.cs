using Runback.Runbook.Backups;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rehearsals;

/// <summary>A network without any way out (trap 14), for one rehearsal. With it goes whatever is still on it.</summary>
internal sealed class RehearsalNetwork : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private RehearsalNetwork(string name) => Name = name;

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Makes one.</summary>
    /// <exception cref="EngineException">The engine refused.</exception>
    public static async Task<RehearsalNetwork> CreateAsync(string deployment, string run, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var network = new RehearsalNetwork($"runback-rehearsal-{Guid.NewGuid():N}"[..30]);
        // Not to be ended halfway: then it would be there, and nobody would know.
        await EngineApi.Shared.CreateNetworkAsync(network.Name, new Dictionary<string, string> { [Labels.Scratch] = run, [Labels.Deployment] = deployment });
        return network;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (!await EngineApi.Shared.RemoveNetworkAsync(Name, patience.Token))
            {
                foreach (var container in await EngineApi.Shared.OnNetworkAsync(Name, patience.Token))
                    await ScratchContainer.RemoveAsync(container);
                await Task.Delay(100, patience.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or RunbookException)
        {
            // The engine doesn't answer. The next run finds it by its label.
        }
    }
}
