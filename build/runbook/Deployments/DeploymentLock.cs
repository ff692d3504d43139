using System.Net;
using Docker.DotNet.Models;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Deployments;

/// <summary>
/// One run at a time for one deployment. The lock is a container on the deployment's own engine, so that every runner sees it, whatever host
/// it runs on: its name is the mutual exclusion, its label names the holder, and it lives as long as its standard input is open, which is as
/// long as this process lives. It needs neither the database nor a file that everybody can reach.
/// </summary>
public sealed class DeploymentLock : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Whoever gave up taking it is not kept waiting as long.
    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(5);
    private readonly RunningCommand _container;
    private readonly SemaphoreSlim _asking = new(1);
    private volatile bool _lost;

    private DeploymentLock(RunningCommand container) => _container = container;

    /// <summary>
    /// Whether it is still held, asked of the container itself: its echo proves that the engine keeps it and that the connection stands. A lock that
    /// was lost once stays lost.
    /// </summary>
    /// <param name="cancellation">Ends the asking; the lock is as it was.</param>
    public async Task<bool> IsHeldAsync(CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation);
        try
        {
            if (!_lost && !(_container.ExitCode is null && await AnswersAsync(_container, CancellationToken.None) == true))
            {
                _lost = true;
                // What doesn't answer any more must not hold others up when the engine comes back.
                _container.Kill();
            }
            return !_lost;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>The lock container's name for a Compose project.</summary>
    public static string Name(string project) => $"runback-lock-{project}";

    /// <summary>The container that holds the lock while its standard input is open, and is gone with it.</summary>
    /// <param name="project">The Compose project.</param>
    /// <param name="image">An image on the engine's host that has <c>cat</c>: the database's, which is always there.</param>
    /// <param name="holder">Who takes it.</param>
    internal static CreateContainerParameters Describe(string project, string image, Holder holder) => new()
    {
        Name = Name(project),
        Image = image,
        Entrypoint = ["cat"],
        Cmd = [],
        OpenStdin = true,
        StdinOnce = true,
        AttachStdin = true,
        AttachStdout = true,
        AttachStderr = true,
        Labels = new Dictionary<string, string> { [Labels.Holder] = holder.ToLabel() },
        HostConfig = new HostConfig
        {
            AutoRemove = true,
            NetworkMode = "none",
            ReadonlyRootfs = true,
            CapDrop = ["ALL"],
            SecurityOpt = ["no-new-privileges"],
            Memory = 32 << 20,
            PidsLimit = 16,
            LogConfig = new LogConfig { Type = "none" },
        },
    };

    /// <summary>Who holds the deployment, or null when nobody does.</summary>
    public static async Task<Holder?> HolderAsync(EngineApi engine, string project, CancellationToken cancellation)
    {
        var container = await engine.ContainerAsync(Name(project), cancellation);
        return container is null ? null
            : Holder.FromLabel(container.Labels.GetValueOrDefault(Labels.Holder))
              ?? new Holder("unknown", "unknown", "unknown", "unknown", 0, container.StartedAt, null);
    }

    /// <summary>Takes the lock.</summary>
    /// <exception cref="RunbookException">Somebody else holds it (outcome Locked), or it can't be taken.</exception>
    public static async Task<DeploymentLock> AcquireAsync(EngineApi engine, string project, string image, Holder holder, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            var container = await TakeAsync(engine, project, image, holder, cancellation);
            if (container is null)
            {
                if (attempt > 0 || !await RemoveDeadAsync(engine, project, cancellation))
                    throw await LockedAsync(engine, project, cancellation);
                continue;
            }
            try
            {
                var answers = await AnswersAsync(container, cancellation);
                if (answers is null)
                    throw new RunbookException($"expected the engine to start the lock's container within {Patience.TotalSeconds:0} s, found silence", "see `docker info`");
                if (answers == true)
                    return new DeploymentLock(container);
                throw new RunbookException($"expected to take the lock of {project}, found: {(await container.Error).Trim()}", "see `docker info`");
            }
            catch
            {
                await EndAsync(container, Parting);
                throw;
            }
        }
    }

    // Null when the name is taken: that the engine gives a name to one container only is the lock.
    private static async Task<RunningCommand?> TakeAsync(EngineApi engine, string project, string image, Holder holder, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            var id = await engine.CreateAsync(Describe(project, image, holder));
            return await Shell.StartAsync(EngineWay.StartAttached(engine, id) with { MayWait = true }, CancellationToken.None);
        }
        catch (EngineException exception) when (exception.Status == HttpStatusCode.Conflict)
        {
            return null;
        }
        catch (EngineException exception)
        {
            throw new RunbookException($"expected to take the lock of {project}, found: {exception.Said}", "see `docker info`", inner: exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync(_container, Patience);
        _asking.Dispose();
    }

    // By its input, not by killing the command: that may leave a container which was made and never started.
    private static async Task EndAsync(RunningCommand container, TimeSpan limit)
    {
        try
        {
            container.Input.Close();
            using var patience = new CancellationTokenSource(limit);
            await container.WaitAsync(patience.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The engine went away; the container goes with it or is found dead by the next run.
        }
        await container.DisposeAsync();
    }

    // `cat` gives back what it is sent: when it does, the container runs and the lock is ours. Null is silence.
    private static async Task<bool?> AnswersAsync(RunningCommand container, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await container.Input.WriteLineAsync("held".AsMemory(), patience.Token);
            await container.Input.FlushAsync(patience.Token);
            return await container.OutputText.ReadLineAsync(patience.Token) == "held";
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    // A container that has ended, or was created and never started, holds nothing: its holder is dead.
    internal static async Task<bool> RemoveDeadAsync(EngineApi engine, string project, CancellationToken cancellation)
    {
        var container = await engine.ContainerAsync(Name(project), cancellation);
        if (container is null)
            return true;
        var dead = container.State is "exited" or "dead"
            || (container.State == "created" && Holder.FromLabel(container.Labels.GetValueOrDefault(Labels.Holder))?.Since < DateTimeOffset.UtcNow.AddMinutes(-1));
        if (dead)
            await engine.RemoveKeepingVolumesAsync(container.Id, force: false, cancellation);
        return dead;
    }

    internal static async Task<RunbookException> LockedAsync(EngineApi engine, string project, CancellationToken cancellation)
    {
        var holder = await HolderAsync(engine, project, cancellation);
        return new RunbookException(
            $"expected nobody else to be running on {project}, found: {holder?.ToString() ?? "a run that has just ended"}",
            "wait until it ends, or let this command wait for it: --wait 5m; the lock goes away by itself when that process ends", Outcome.Locked);
    }
}
