using System.Diagnostics;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Deployments;

/// <summary>
/// A run's hold on its deployment: taken once, looked at before every change, and taken again by the steps that follow a failure. While it is lost
/// the run changes nothing: somebody else may be at work.
/// </summary>
/// <param name="engine">The deployment's engine.</param>
/// <param name="run">The run.</param>
/// <param name="databaseService">The database's service, whose image is on the host as long as the database is.</param>
public sealed class DeploymentHold(EngineApi engine, Run run, string databaseService) : IAsyncDisposable
{
    private static readonly TimeSpan Comeback = TimeSpan.FromSeconds(60);
    private DeploymentLock? _lock;
    private string _project = "";
    private Func<Task>? _guardBefore;

    /// <summary>Whether it was taken and lost since.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Takes the deployment. From here on each of the run's changes is made only while it is held.</summary>
    /// <param name="project">The Compose project's name.</param>
    /// <param name="wait">How long to wait for whoever holds it; zero not to wait.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="RunbookException">Somebody else holds it (outcome Locked), or it can't be taken.</exception>
    public async Task TakeAsync(string project, TimeSpan wait, CancellationToken cancellation)
    {
        _project = project;
        _guardBefore = run.Shell.Guard;
        _lock = await new LockWait(engine, project, run.Narration).AcquireAsync(ImageAsync, () => Holder.Of(run.Id, run.Target), wait, cancellation);
        run.Shell.Guard = ThrowIfLostAsync;
    }

    /// <summary>Sees that the deployment is still held.</summary>
    /// <exception cref="RunbookException">It was lost (outcome Locked).</exception>
    public async Task ThrowIfLostAsync()
    {
        if (!IsLost && (_lock is null || await _lock.IsHeldAsync(CancellationToken.None)))
            return;
        if (!IsLost)
        {
            IsLost = true;
            run.Journal.Write("lock", ("held", false));
            run.Narration.Warn($"the lock of {_project} is lost: somebody else may be at work on it from here on, and this run makes no further change");
        }
        throw new RunbookException(
            $"expected to hold the lock of {_project} before this change, found it lost: the engine has ended its container, or can't be reached",
            $"see whether the engine was restarted or who removed {DeploymentLock.Name(_project)}; ./build.sh Status says who holds the deployment now; then run the same command again", Outcome.Locked);
    }

    /// <summary>Takes the deployment again after it was lost, unless somebody else has it; an engine that is being restarted gets a minute.</summary>
    /// <exception cref="RunbookException">Somebody else has it, or the engine can't be reached (outcome Failed).</exception>
    public async Task RetakeAsync(CancellationToken cancellation)
    {
        if (!IsLost)
            return;
        await DisposeOfLockAsync();
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                _lock = await DeploymentLock.AcquireAsync(engine, _project, await ImageAsync(cancellation), Holder.Of(run.Id, run.Target), cancellation);
                IsLost = false;
                run.Journal.Write("lock", ("held", true));
                run.Narration.Say($"the lock of {_project} is taken again");
                return;
            }
            catch (RunbookException exception)
            {
                var other = exception.Outcome == Outcome.Locked && await HolderIfOtherAsync(cancellation) is { } holder ? holder : null;
                if (other is null && Stopwatch.GetElapsedTime(start) < Comeback)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
                    continue;
                }
                throw new RunbookException(
                    $"the lock of {_project} was lost halfway and {(other is null ? $"couldn't be taken again: {exception.Message}" : $"is held by {other} now")}: this run changes nothing more and leaves things as they are",
                    other is null ? "bring the engine back, look at what runs (./build.sh Status), then run the same command again, or ./build.sh Return"
                        : "wait until that run ends and see what it made of it (./build.sh Status); the report says what this one had begun", Outcome.Failed, exception);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_project.Length > 0)
            run.Shell.Guard = _guardBefore;
        await DisposeOfLockAsync();
    }

    private async Task DisposeOfLockAsync()
    {
        var held = _lock;
        _lock = null;
        if (held is not null)
            await held.DisposeAsync();
    }

    // One's own container may take a moment to go.
    private async Task<Holder?> HolderIfOtherAsync(CancellationToken cancellation)
    {
        try
        {
            return await DeploymentLock.HolderAsync(engine, _project, cancellation) is { } holder && holder.Run != run.Id ? holder : null;
        }
        catch (RunbookException)
        {
            return null;
        }
    }

    // Any container's image of the project would do, where the database's is gone.
    private async Task<string> ImageAsync(CancellationToken cancellation)
    {
        var containers = await engine.ContainersAsync(cancellation, $"{Labels.Project}={_project}", $"{Labels.OneOff}=False");
        return containers.OrderByDescending(container => container.Labels.GetValueOrDefault(Labels.Service) == databaseService).FirstOrDefault()?.ImageId
            ?? throw RunbookException.Refused(
                $"expected containers of the Compose project {_project}, found none",
                "is this the right engine (DOCKER_HOST, docker context) and folder? Start the deployment first: docker compose up -d");
    }
}
