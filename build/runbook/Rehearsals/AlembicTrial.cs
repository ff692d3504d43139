using System.Diagnostics;
using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Engines;
using Runback.Runbook.Rehearsals.Observation;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rehearsals;

/// <summary>Runs Alembic on the copy, in the image that knows its revisions (trap 4), and has the database record what it does.</summary>
/// <param name="run">The run it belongs to.</param>
/// <param name="request">What is rehearsed.</param>
/// <param name="container">How the image is started as its service.</param>
internal sealed class AlembicTrial(Run run, RehearsalRequest request, ServiceContainer container)
{
    // Nobody else is on the copy: whoever waits for a lock there waits for itself.
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(10);

    /// <summary>Runs Alembic once for each revision, under the recorder.</summary>
    /// <param name="database">The copy, as its superuser.</param>
    /// <param name="direction">upgrade or downgrade.</param>
    /// <param name="revisions">The revisions, each named (trap 5).</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<MigrationTrial> RecordAsync(PostgresServer database, string direction, IEnumerable<string> revisions, CancellationToken cancellation)
    {
        var recorder = new MigrationRecorder(database);
        await recorder.InstallAsync(cancellation);
        var (failure, seconds) = await RunAsync(direction, revisions, cancellation);
        var observed = await recorder.ReadAsync(cancellation);
        await recorder.RemoveAsync(cancellation);
        return new MigrationTrial(failure is null, failure, seconds, observed);
    }

    /// <summary>Runs Alembic once for each revision, until one fails.</summary>
    /// <returns>What it said last when it failed, and how long all of it took.</returns>
    public async Task<(string? Failure, double Seconds)> RunAsync(string direction, IEnumerable<string> revisions, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        string? failure = null;
        foreach (var revision in revisions)
        {
            failure ??= await OneAsync([.. request.Deployment.AlembicCommand, direction, revision], cancellation);
        }
        return (failure, Math.Round(watch.Elapsed.TotalSeconds, 3));
    }

    private async Task<string?> OneAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var name = ScratchContainer.NewName();
        var options = container.Service.Environment.GetValueOrDefault("PGOPTIONS");
        var limits = $"-c lock_timeout={(long)LockLimit.TotalMilliseconds} -c statement_timeout={(long)request.StatementLimit.TotalMilliseconds}";
        var limited = container with { Command = command, Environment = new Dictionary<string, string> { ["PGOPTIONS"] = $"{options} {limits}".Trim() } };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(request.MigrationLimit);
        try
        {
            // Not to be ended halfway: a container that is made after it was removed would stay.
            await EngineApi.Shared.CreateAsync(limited.Describe(name));
            var result = await run.Shell.TryAsync(EngineWay.StartAttached(EngineApi.Shared, name), deadline.Token);
            return result.Succeeded ? null : run.Secrets.Mask($"`{string.Join(' ', command)}` ended with {result.ExitCode}: {result.Complaint}");
        }
        catch (EngineException exception)
        {
            return run.Secrets.Mask($"`{string.Join(' ', command)}` couldn't be started: {exception.Said}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"`{string.Join(' ', command)}` took longer than {request.MigrationLimit.TotalSeconds:0} s";
        }
        finally
        {
            await ScratchContainer.RemoveAsync(name);
        }
    }
}
