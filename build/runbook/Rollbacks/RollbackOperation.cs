using System.Diagnostics;
using Runback.Runbook.Backups;
using Runback.Runbook.Deployments;
using Runback.Runbook.Incidents;
using Runback.Runbook.Incidents.FollowUps;
using Runback.Runbook.Releases;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Runs;
using Runback.Runbook.Switches;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Rollbacks;

/// <summary>
/// The runbook's operations on one deployment, one for each target. They share what was observed; each can be called alone or in the
/// runbook's order, and writes itself down as a step of the run.
/// </summary>
public sealed class RollbackOperation : IAsyncDisposable
{
    private readonly RollbackContext _context;
    private readonly ReleaseCatalog _catalog;
    private readonly Ledger _ledger;
    private volatile bool _hasFailedStep;
    private IncidentDesk? _desk;

    /// <summary>Prepares the operations; nothing is read yet.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="run">The run.</param>
    /// <param name="registry">How the registry is reached.</param>
    /// <param name="probe">Asks the application, where its address isn't reached from here; null for its address. Disposed of with the operations.</param>
    public RollbackOperation(Deployment deployment, RollbackRequest request, Run run, RegistryOptions registry, HttpProbe? probe = null)
    {
        _context = new RollbackContext(deployment, request, run, probe);
        _catalog = new ReleaseCatalog(ImageReference.Parse(deployment.Image), registry);
        _ledger = Ledger.Of(deployment);
    }

    /// <summary>The run.</summary>
    public Run Run => _context.Run;

    /// <summary>Whether there is anything to roll back.</summary>
    public bool IsNeeded => _context.IsNeeded;

    /// <summary>What is done with the database.</summary>
    public Course Course => _context.Course;

    /// <summary>The name under which the database is kept that a restore replaced; null when none is.</summary>
    public string? PutAside => _context.PutAside;

    /// <summary>Whether something was changed and what runs now isn't verified.</summary>
    public bool IsUnverified => _context.Changed && !_context.Verified;

    /// <summary>Whether a step failed after something was changed, so that what runs now isn't verified.</summary>
    public bool HasFailed => IsUnverified && _hasFailedStep;

    /// <summary>Has people told of this run, its checklist answered and its follow-up kept.</summary>
    /// <param name="announcer">Tells people.</param>
    /// <param name="followUp">Keeps the ticket.</param>
    /// <param name="options">Where incidents are.</param>
    public void Attend(Announcer announcer, FollowUpTicket followUp, AnnouncerOptions options)
    {
        _desk = new IncidentDesk(_context, announcer, followUp, options);
        _context.FirstChange = _desk.Start;
    }

    /// <summary>Tells how the run ended, when somebody attends to it.</summary>
    public Task TellEndAsync() => _desk?.EndAsync() ?? Task.CompletedTask;

    /// <summary>Observes, and answers the runbook's checklist as far as that tells.</summary>
    public async Task<Checklist> ChecklistAsync(CancellationToken cancellation)
    {
        try
        {
            await (_context.Request.Tag is null ? _context.BeginAsync(cancellation) : PreflightAsync(cancellation));
        }
        catch (RunbookException refused) when (refused.Outcome == Outcome.Refused && _context.Situation is not null)
        {
            // What a gate refuses is a part of the answer.
        }
        if (BackupCatalog.Latest(_context.Deployment.BackupPath, _context.Deployment.Database) is { Facts: { } facts } backup)
            Run.Result.Backup = new BackupRecord(backup.File, facts.Sha256, backup.Bytes, facts.Verified?.Level.ToString());
        return Checklist.Of(_desk!.Facts());
    }

    /// <summary>Observes, locks, finds the release, and lets the gates judge.</summary>
    public Task PreflightAsync(CancellationToken cancellation) => new PreflightStep(_context, _catalog, _ledger).RunAsync(cancellation);

    /// <summary>Stops the workers.</summary>
    public Task DrainAsync(CancellationToken cancellation) => new CutoverStep(_context).DrainAsync(cancellation);

    /// <summary>Dumps the database.</summary>
    public Task BackupAsync(CancellationToken cancellation) => new BackupStep(_context).TakeAsync(cancellation);

    /// <summary>Verifies the dump.</summary>
    public Task VerifyBackupAsync(CancellationToken cancellation) => new BackupStep(_context).VerifyAsync(cancellation);

    /// <summary>Does the database part on a copy.</summary>
    public Task RehearseAsync(CancellationToken cancellation) => new RehearseStep(_context).RunAsync(cancellation);

    /// <summary>Undoes migrations in place.</summary>
    public Task DowngradeDatabaseAsync(CancellationToken cancellation) => new DowngradeStep(_context).RunAsync(cancellation);

    /// <summary>Puts a backup in the database's place.</summary>
    public Task RestoreDatabaseAsync(CancellationToken cancellation) => new RestoreStep(_context).RunAsync(cancellation);

    /// <summary>Writes a mending migration and tries it.</summary>
    public Task ForwardFixAsync(CancellationToken cancellation) => new ForwardFixStep(_context).RunAsync(cancellation);

    /// <summary>Runs the migrations of a release that were left undone.</summary>
    public Task UpgradeDatabaseAsync(CancellationToken cancellation) => new UpgradeStep(_context, new TargetFinder(_context, _catalog, _ledger)).RunAsync(cancellation);

    /// <summary>Pins the target and cuts over to it.</summary>
    public Task RollbackAppAsync(CancellationToken cancellation) => new CutoverStep(_context).CutoverAsync(cancellation);

    /// <summary>Turns a switch.</summary>
    public Task SwitchAsync(SwitchDeclaration declaration, SwitchPosition position, CancellationToken cancellation) =>
        new SwitchStep(_context, declaration, position).RunAsync(cancellation);

    /// <summary>Notes that a release is trusted again.</summary>
    public Task TrustAsync(CancellationToken cancellation) => new TrustStep(_context, _ledger).RunAsync(cancellation);

    /// <summary>Verifies what runs, and notes a release that verified good. What a run has exchanged is verified once; else it goes on for as long as asked.</summary>
    public async Task VerifyAsync(CancellationToken cancellation)
    {
        if (_context is { Request.Watch: { } watch, Target: null, Situation: null, Run.DryRun: false })
        {
            if (await new WatchStep(_context, watch).RunAsync(cancellation) is not { } good)
                return;
            var now = await _context.BeginAsync(cancellation);
            if (!good.Count.Equals(now.Digests.Count) || good.Any(pair => now.Digests.GetValueOrDefault(pair.Key) != pair.Value))
                throw new RunbookException($"expected what was watched to run still, found {now.RunningTag ?? "nothing"}", "verify that one", Outcome.Failed);
            Run.Result.Checks.Clear();
        }
        await new CutoverStep(_context).VerifyAsync(cancellation);
        // A run that was killed after its last change is settled by whoever verifies what it left.
        if (_context.Verified && _context.Origin is { Run.Length: > 0 })
            _context.BeginChanging(_context.Situation?.Pin);
        await new LedgerStep(_context, _ledger).NoteAsync(cancellation);
    }

    /// <summary>Goes back by itself when that is right.</summary>
    public async Task ReturnIfWorseAsync(CancellationToken cancellation)
    {
        try
        {
            await new ReturnStep(_context).SettleAsync(cancellation);
        }
        finally
        {
            if (_context.Discard is { } discard)
                await discard();
        }
    }

    /// <summary>Goes back to where the last run began.</summary>
    public Task ReturnAsync(CancellationToken cancellation) => new ReturnStep(_context).ReturnAsync(cancellation);

    /// <summary>Runs one of the operations as a step: timed, written down, and its failure turned into the run's outcome.</summary>
    public async Task StepAsync(string name, Func<CancellationToken, Task> operation, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        using var span = Run.Tracing.Step(name);
        try
        {
            Run.Journal.Write("step", ("name", name));
            await operation(cancellation);
            Record(name, "Done", start, null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            var interrupted = new RunbookException($"{name} was interrupted", "run the same command again to finish it");
            Tracing.Fail(span, interrupted);
            Fail(name, start, interrupted);
            throw interrupted;
        }
        catch (Exception exception)
        {
            Tracing.Fail(span, exception);
            Fail(name, start, exception);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        _catalog.Dispose();
    }

    private void Fail(string name, long start, Exception exception)
    {
        _hasFailedStep = true;
        Run.Journal.StopNothing();
        var result = Run.Result;
        // The first failure is the cause; what fails after it says where that has left production, and decides the outcome.
        var told = (exception as RunbookException)?.Outcome ?? Outcome.Error;
        result.Outcome = _context.Changed && told != Outcome.Returned ? Outcome.Failed : told;
        result.Summary = result.Summary is { } cause ? $"{cause}; {exception.Message}" : exception.Message;
        var hint = (exception as RunbookException)?.Hint;
        result.Hint = result.Hint is { } first && hint is not null ? $"{first}; {hint}" : hint ?? result.Hint;
        Record(name, "Failed", start, exception.Message);
    }

    private void Record(string name, string outcome, long start, string? detail)
    {
        (Run.Result.Exchanged, Run.Result.Verified) = (_context.CutoverBegun && !Run.DryRun, _context.Verified);
        var seconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 3);
        lock (Run.Result.Steps)
            Run.Result.Steps.Add(new StepRecord(name, outcome, seconds, detail));
        Run.Journal.Write("stepped", ("name", name), ("outcome", outcome), ("seconds", seconds));
    }
}
