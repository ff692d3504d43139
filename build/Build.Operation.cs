using System.Runtime.CompilerServices;
using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

// How targets reach the runbook's operations: the deployment from the parameters, one run for the process, interruption by signal.
internal sealed partial class Build
{
    private readonly Secrets _secrets = new();
    private readonly Interruption _interruption = new();

    /// <summary>What is learnt while it runs, for the engine's own lines.</summary>
    [Secret]
    public IReadOnlyCollection<string> Learnt => _secrets.Values;

    private RollbackOperation? _operation;
    private Run? _run;

    private RollbackOperation Operation => _operation ??= Attended(new RollbackOperation(Deployment, Request, Begin(), RegistryOptions));

    private bool IsNeeded => _operation is null || _operation.IsNeeded;

    private Course Course => _operation?.Course ?? Course.Keep;

    // The workers are stopped beside the backup only where nothing that is still to be seen can stop the run.
    private bool IsDecided => IsNeeded && Course == Course.Keep;

    private bool CutsOver => IsNeeded && Course.CutsOver();

    private bool IsVerified => _operation is null || Course.CutsOver();

    // An interruption between two steps fails neither, and leaves the rest undone.
    private bool HasFailed => _operation is { HasFailed: true } || (_operation is { IsUnverified: true } && _interruption.Token.IsCancellationRequested);

    private CiReport CiReport => new(Environment.GetEnvironmentVariable, _secrets, People);

    // Whether the end of this process tells the CI system how a run went.
    private bool IsReported => _operation is not null || _run is { Result.EndedAt: not null };

    private TextWriter People => Json ? Console.Error : Console.Out;

    private Deployment Deployment => new()
    {
        Directory = Path.GetFullPath(Directory, RootDirectory),
        ComposeFiles = ComposeFiles,
        EnvFile = EnvFile,
        ProjectName = ProjectName,
        Services = Services,
        Workers = Workers,
        DatabaseService = DatabaseService,
        Database = Needed(Database, nameof(Database)),
        DatabaseUser = DatabaseUser,
        DatabasePassword = DatabasePassword,
        BaseUrl = Urls.Base(Needed(BaseUrl, nameof(BaseUrl))),
        HealthPath = HealthPath,
        ReadyPath = string.Equals(ReadyPath, "none", StringComparison.OrdinalIgnoreCase) ? null : ReadyPath,
        ReadyMapping = ReadyMapping.Parse(ReadyOk, ReadyCurrent, ReadyExpected),
        Image = Needed(Image, nameof(Image)),
        TagVariable = TagVariable,
        BackupDirectory = BackupDirectory,
        MigrationsDirectory = MigrationsDirectory,
        AlembicCommand = AlembicCommand,
        ServicePort = ServicePort,
    };

    // A target of the database's own is a strategy as well.
    private Strategy AskedFor => InvokedTargets.Any(target => target.Name == nameof(DowngradeDatabase)) ? Strategy.Downgrade
        : InvokedTargets.Any(target => target.Name == nameof(RestoreDatabase)) ? Strategy.Restore
        : InvokedTargets.Any(target => target.Name == nameof(ForwardFix)) ? Strategy.ForwardFix
        : Strategy;

    private RollbackRequest Request => new()
    {
        Tag = Tag,
        Strategy = StrategyGuard.Allowed(AskedFor, AllowedStrategies),
        Call = Call,
        SmokeRequests = [.. SmokeRequests.Select(SmokeRequest.Parse)],
        Metrics = Metrics,
        Logs = Logs,
        VerifyLimit = VerifyTimeout is { } limit ? Seconds(limit, atLeast: 1, "--verify-timeout") : null,
        Watch = InvokedTargets.Any(target => target.Name == nameof(Verify)) ? Watching : null,
        ApprovedBy = ApprovedBy,
        AcceptDataLoss = AcceptDataLoss,
        AcceptDowntime = AcceptDowntime,
        Point = Point,
        Output = Output is null ? null : Path.GetFullPath(Output),
        Yes = Yes,
        Wait = LockWait is null ? TimeSpan.Zero : Duration.Parse(LockWait, "--wait"),
        Reason = Reason,
        Incident = Incident,
        VerifyLevel = VerifyLevel,
        BackupFile = BackupFile,
        BackupCommand = BackupCommand,
        Cutover = Cutover,
        OnFailure = OnFailure,
        AcceptOverride = AcceptOverride,
        AcceptDrift = AcceptDrift,
        HealthLimit = Seconds(HealthTimeout, atLeast: 1, "--health-timeout"),
        SettleTime = Seconds(SettleTime, atLeast: 0, "--settle-time"),
    };

    private RegistryOptions RegistryOptions => new()
    {
        AllowInsecure = AllowInsecureRegistry,
        Credentials = RegistryUser is not null && RegistryPassword is not null
            ? new GivenCredentials(RegistryUser, RegistryPassword)
            : new DockerCredentials(DockerCredentials.DefaultPath, Shell.Quiet),
        Secrets = _secrets,
    };

    // A proposed command must work as it is pasted, wherever another profile is the standard one.
    private static string Call => string.Join(" ", ["./build.sh", .. LoadedLocalProfiles.Where(profile => profile != "lab").Select(profile => $"--profile {profile}")]);

    private static string Needed(string? value, string name) => !string.IsNullOrEmpty(value) ? value
        : throw RunbookException.Usage($"expected a value for {name}, found none", "give it on the command line or in the profile; --help lists all parameters");

    private static TimeSpan Seconds(int value, int atLeast, string name) => value >= atLeast ? TimeSpan.FromSeconds(value)
        : throw RunbookException.Usage($"expected at least {atLeast} seconds for {name}, found {value}", "give it on the command line or in the profile");

    private Run Begin(bool reads = false)
    {
        _secrets.Add(DatabasePassword, RegistryPassword, SlackToken, GithubToken, Metrics?.Token);
        var run = Runback.Runbook.Runs.Run.Begin(Deployment.StatePath, InvokedTargets.First().Name, new Narration(People, _secrets), _secrets, DryRun || reads);
        run.Result.DryRun = DryRun;
        run.Result.Incident = Incident;
        run.Result.Reason = Reason;
        CiReport.Begin(run.Id, run.Folder);
        return _run = run;
    }

    // What others wrote (an application's payload, a server's complaint) must not steer the terminal or a CI job.
    private void Tell(string line) => new Narration(People, _secrets).Say(line);

    private void Step(Func<RollbackOperation, Func<CancellationToken, Task>> operation, [CallerMemberName] string name = "") =>
        Wait(cancellation => Operation.StepAsync(name, operation(Operation), cancellation));

    // What must still happen after an interruption is interrupted only by the next one.
    private void AssuredStep(Func<RollbackOperation, Func<CancellationToken, Task>> operation, [CallerMemberName] string name = "")
    {
        _interruption.Renew();
        Step(operation, name);
    }

    private void Wait(Func<CancellationToken, Task> operation)
    {
        try
        {
            operation(_interruption.Token).GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            // How a run ended is annotated once, with all that is known at its end.
            if (IsReported)
                exception.Data["annotated"] = true;
            if (exception is RunbookException known)
            {
                ExitCode = known.Outcome.ExitCode();
                _document ??= _secrets.Mask(ErrorDocument.Of(known));
            }
            throw;
        }
    }

    protected override void OnBuildFinished()
    {
        if (_operation is not { } operation)
        {
            if (_run is { Result.EndedAt: not null } ended)
                CiReport.Write(ended.Result, ended.Folder);
            if (Json && _document is not null)
                Console.Out.WriteLine(WorkflowCommand.InertJson(_document));
            return;
        }
        var result = operation.Run.Result;
        if (result.Outcome == Outcome.Done && IsFailing)
            (result.Outcome, result.Summary) = (operation.IsUnverified ? Outcome.Failed : Outcome.Error, "it was ended before it was finished");
        result.Signal = operation.IsUnverified ? null : _interruption.ExitCode;
        ExitCode = result.ExitCode;
        var document = "";
        try
        {
            operation.TellEndAsync().GetAwaiter().GetResult();
            // The lock goes last: whoever waits for it must find this run ended.
            document = operation.Run.End();
        }
        finally
        {
            operation.DisposeAsync().AsTask().GetAwaiter().GetResult();
            operation.Run.Dispose();
        }
        Tell(Headline.Of(result));
        CiReport.Write(result, operation.Run.Folder);
        if (Json)
            Console.Out.WriteLine(WorkflowCommand.InertJson(document));
    }
}
