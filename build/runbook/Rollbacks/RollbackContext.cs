using Runback.Runbook.Cutover;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Rehearsals;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Rollbacks;

/// <summary>What the steps of one run share: the means to look and act, what was observed, and how far the run has come.</summary>
/// <param name="deployment">The deployment.</param>
/// <param name="request">What was asked for.</param>
/// <param name="run">The run.</param>
/// <param name="probe">Asks the application, where that takes another way than its address; null for its address. The context's to dispose.</param>
public sealed class RollbackContext(Deployment deployment, RollbackRequest request, Run run, HttpProbe? probe = null) : IAsyncDisposable
{
    private EngineWatch? _engineWatch;

    /// <summary>The deployment.</summary>
    public Deployment Deployment { get; } = deployment;

    /// <summary>What was asked for.</summary>
    public RollbackRequest Request { get; } = request;

    /// <summary>The run.</summary>
    public Run Run { get; } = run;

    /// <summary>The engine that the deployment runs on.</summary>
    public EngineApi Engine { get; } = new();

    /// <summary>Asks the application.</summary>
    public HttpProbe Probe { get; } = probe ?? new();

    /// <summary>The run's hold on the deployment.</summary>
    public DeploymentHold Hold => field ??= new DeploymentHold(Engine, Run, Deployment.DatabaseService);

    /// <summary>Observes the deployment.</summary>
    public Observer Observer => field ??= new Observer(Deployment, Engine, Probe, Run.Shell);

    /// <summary>Exchanges containers.</summary>
    public AppCutover Cutover => field ??= new AppCutover(Deployment, Engine, Run);

    /// <summary>Asks before production is changed.</summary>
    public Confirmation Confirmation => field ??= new Confirmation(Deployment, Request.Yes || Run.DryRun, Run.Narration);

    /// <summary>What was observed before acting.</summary>
    public Situation? Situation { get; private set; }

    /// <summary>Where a return leads: what ran before this run, or before a killed one that this run finishes.</summary>
    public ReturnPoint? Origin { get; private set; }

    /// <summary>What runs that were ended halfway have left; null when there are none.</summary>
    public Takeover? Takeover { get; private set; }

    /// <summary>The release to go back to.</summary>
    public TargetRelease? Target { get; set; }

    /// <summary>The revisions of the migrations' heads in the target's image; empty while unknown.</summary>
    public IReadOnlyList<string> TargetHeads => History?.TargetHeads ?? [];

    /// <summary>How the database stood to the target before acting; null while unknown.</summary>
    public ReleaseHistory? History { get; set; }

    /// <summary>What is done with the database.</summary>
    public Course Course { get; set; }

    /// <summary>The backup that a restore leads to: decided at Preflight, and carried from there (trap 33); null where none is restored.</summary>
    public Restores.RestorePoint? Point { get; set; }

    /// <summary>The backup that an earlier run has put in the database's place, from which this one goes on; null where none has.</summary>
    public Restores.PlacedBackup? Placed { get; set; }

    /// <summary>What the rehearsal showed, or null.</summary>
    public RehearsalResult? Rehearsal { get; set; }

    /// <summary>The revisions that the database holds since this run changed it; null while it is as it was found.</summary>
    public IReadOnlyList<string>? MovedTo
    {
        get;
        set
        {
            field = value;
            // Also a run that fails tells where it left the database.
            if (Run.Result.Database is { } database)
                Run.Result.Database = database with { After = value ?? database.Before };
        }
    }

    /// <summary>Removes what was prepared and never came to be used, once the application serves again; null for nothing.</summary>
    public Func<Task>? Discard { get; set; }

    /// <summary>What is done once what runs is verified, while clients are served again; null for nothing.</summary>
    public Func<CancellationToken, Task>? WhenVerified { get; set; }

    /// <summary>What is gone from the live database since this run changed it, and where it was kept; null when nothing is.</summary>
    public string? DataLost { get; set; }

    /// <summary>The name under which the database is kept that this run replaced; null when none is.</summary>
    public string? PutAside { get; set; }

    /// <summary>Undoes what this run did to the database, where that can be undone; null otherwise.</summary>
    public Func<CancellationToken, Task>? UndoDatabase { get; set; }

    /// <summary>The backup that this run took, or null.</summary>
    public Backups.Backup? Backup { get; set; }

    /// <summary>Whether there is anything to roll back: false when the release already runs and is pinned.</summary>
    public bool IsNeeded { get; set; } = true;

    /// <summary>Whether anything of the deployment was changed.</summary>
    public bool Changed => ChangedAt is not null;

    /// <summary>Which one this is of the runs that change the deployment, from 1; 0 before the history was read.</summary>
    public int Turn { get; private set; }

    /// <summary>When the first change was about to be made, UTC; null before.</summary>
    public DateTimeOffset? ChangedAt { get; private set; }

    /// <summary>Called when the first change is about to be made.</summary>
    public Action? FirstChange { get; set; }

    /// <summary>Whether the exchange of the release was begun: before that, app services were only stopped.</summary>
    public bool CutoverBegun { get; set; }

    /// <summary>Whether the serving services were stopped, for the time in which the database is changed.</summary>
    public bool ServingStopped { get; set; }

    /// <summary>When the containers had been exchanged, UTC; null before.</summary>
    public DateTimeOffset? ExchangedAt { get; set; }

    /// <summary>Whether the release that runs now was verified.</summary>
    public bool Verified { get; set; }

    /// <summary>Stops the workers of the release that is left.</summary>
    public WorkerDrain Drain => field ??= new WorkerDrain(Deployment, Engine, Run);

    /// <summary>What the verification compares with, looked at before the exchange; null when nothing is exchanged.</summary>
    public BeforeExchange? Before { get; set; }

    /// <summary>Measures what clients notice, once the cutover has begun.</summary>
    public OutageMonitor? Monitor { get; set; }

    /// <summary>Begins to measure, unless that was done before.</summary>
    public void BeginMeasuring() => Monitor ??= Run.DryRun ? null : new OutageMonitor(new Uri(Deployment.BaseUrl, Deployment.HealthPath), Probe);

    /// <summary>Says a line.</summary>
    public void Say(string line) => Run.Narration.Say(line);

    /// <summary>Says what checks found, and notes it in the result.</summary>
    public void Tell(IEnumerable<CheckRecord> checks)
    {
        foreach (var check in checks)
        {
            Run.Result.Checks.Add(check);
            Say(check.Passed ? $"  ok      {check.Name}: {check.Found}" : $"  FAILED  {check.Name}: expected {check.Expected}, found {check.Found}");
            foreach (var warning in check.Warnings)
                Say($"  !       {check.Name}: {warning}");
        }
    }

    /// <summary>Observes the deployment and takes its lock, unless that was done before.</summary>
    /// <exception cref="RunbookException">It can't be observed, or somebody else holds it.</exception>
    public async Task<Situation> BeginAsync(CancellationToken cancellation)
    {
        if (Situation is { } known)
            return known;
        _engineWatch ??= new EngineWatch(Engine.PingAsync);
        var project = await Observer.ProjectAsync(cancellation);
        await HoldAsync(project, cancellation);
        var situation = await Observer.ObserveAsync(cancellation);
        Run.Journal.Write("situation",
            ("tag", situation.RunningTag), ("pin", situation.Pin), ("digests", situation.Digests), ("revisions", situation.Revisions),
            ("images", situation.Services.ToDictionary(state => state.Service, state => state.Container?.ImageId)),
            ("level", ReturnJudgement.LevelOf(situation).ToString()));
        Takeover = await TakeoverAsync(situation, cancellation);
        Origin = (Takeover?.Origin ?? ReturnPoint.Of(situation)) with { TakesUp = Takeover is { IsTakenUp: true, Runs: var runs } ? [.. runs.Select(run => run.Id)] : null };
        Run.Journal.Write(ReturnPoint.Event, Origin.Facts);
        if (Takeover is { } found)
            Say(found.Paragraph(Deployment.Database));
        Run.Result.From = new ReleaseRecord(Origin.Tag, Origin.Digests);
        Run.Result.Found = situation.RunningTag;
        Run.Result.Database = new DatabaseRecord(situation.Revisions, situation.Revisions);
        return Situation = situation;
    }

    /// <summary>Goes on from what a run left undone that came to an end: the way back leads to where that one began.</summary>
    /// <param name="left">The run.</param>
    public void TakeUp(RunRecord left)
    {
        if (ReturnPoint.From(left) is not { } point)
            return;
        Origin = point with { TakesUp = [left.Id, .. point.TakesUp ?? []] };
        Run.Journal.Write(ReturnPoint.Event, Origin.Facts);
        Run.Result.From = new ReleaseRecord(Origin.Tag, Origin.Digests);
    }

    /// <summary>Notes, before it happens, that the deployment is changed from here on: whoever comes after a crash finds it.</summary>
    /// <param name="to">The tag variable's value that is headed for.</param>
    public void BeginChanging(string? to)
    {
        if (Changed || Run.DryRun)
            return;
        Hold.ThrowIfLostAsync().GetAwaiter().GetResult();
        Run.Journal.Write("changing", ("turn", Turn), ("to", to), ("image", Target?.Prepared?.Image.Id));
        Run.Journal.StopNothing();
        ChangedAt = DateTimeOffset.UtcNow;
        FirstChange?.Invoke();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Monitor is { } monitor)
            await monitor.DisposeAsync();
        await Hold.DisposeAsync();
        if (_engineWatch is { } watch)
            await watch.DisposeAsync();
        Probe.Dispose();
        Engine.Dispose();
    }

    private async Task HoldAsync(ComposeProject project, CancellationToken cancellation)
    {
        if (Run.DryRun)
        {
            if (await DeploymentLock.HolderAsync(Engine, project.Name, cancellation) is { } holder)
                Run.Narration.Warn($"{project.Name} is held by {holder}", "a run that changes something would end with exit code 6 now");
            return;
        }
        await Hold.TakeAsync(project.Name, Request.Wait, cancellation);
    }

    // Whoever has deployed something else since has ended those runs.
    private async Task<Takeover?> TakeoverAsync(Situation situation, CancellationToken cancellation)
    {
        var history = RunHistory.List(Deployment.StatePath);
        Turn = RunHistory.NextTurn(history);
        var runs = UnfinishedRun.Of(history);
        return runs.Count == 0 ? null : await Rollbacks.Takeover.ReadAsync(runs, situation, Deployment, Run.Shell, cancellation);
    }
}
