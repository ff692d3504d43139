/// <summary>The rollback runbook. Rollback is Preflight -> Backup -> VerifyBackup -> (what the strategy does with the database) -> RollbackApp -> Verify, and back again when that went wrong.</summary>
internal sealed partial class Build : NukeBuild
{
    public static int Main(string[] arguments) => (_isBare = IsBare(_arguments = arguments)) ? Execute<Build>(x => x.Overview) : Execute<Build>(x => x.Rollback);

    private Target Preflight => _ => _
        .Description("Observes the deployment, takes its lock, and lets every gate judge before anything changes")
        .Unlisted()
        .Requires(() => Tag)
        .Executes(() => Step(rollback => rollback.PreflightAsync));

    private Target DrainWorkers => _ => _
        .Description("Stops the workers of the release that is left, while the backup is taken and that release still serves")
        .Unlisted()
        .DependsOn(Preflight)
        .Requires(() => HasAll(nameof(Preflight)))
        .OnlyWhenDynamic(() => IsDecided, "nothing that is still to be seen can stop the rollback")
        .Executes(() => Step(rollback => rollback.DrainAsync));

    private Target Backup => _ => _
        .Description("Dumps the database, with its checksum taken on the way")
        .After(Preflight)
        .OnlyWhenDynamic(() => IsNeeded, SomethingToDo)
        .Executes(() => Step(rollback => rollback.BackupAsync));

    private Target VerifyBackup => _ => _
        .Description("Proves that the backup can be restored: checksum, full decode, scratch restore")
        .After(Backup)
        .OnlyWhenDynamic(() => IsNeeded, SomethingToDo)
        .Executes(() => Step(rollback => rollback.VerifyBackupAsync));

    private Target RollbackApp => _ => _
        .Description("Pins the target release, cuts over to it, and waits until it is healthy")
        .DependsOn(Preflight, Backup, VerifyBackup, Rehearse, DowngradeDatabase, RestoreDatabase)
        .Triggers(ReturnIfWorse)
        .Requires(() => HasAll(nameof(Preflight), nameof(ReturnIfWorse)) && HasDatabasePart)
        .OnlyWhenDynamic(() => CutsOver, "the application is to be exchanged")
        .Executes(() => Step(rollback => rollback.RollbackAppAsync));

    private Target Verify => _ => _
        .Description("Checks containers, health, readiness and the database's revision, each with what was expected and found")
        .After(RollbackApp, DrainWorkers, ForwardFix)
        .OnlyWhenDynamic(() => IsVerified, "the application is to be exchanged, or Verify is all that was asked for")
        .Executes(() => Step(rollback => rollback.VerifyAsync));

    private Target ReturnIfWorse => _ => _
        .Description("Goes back by itself when the rollback failed and the release that was replaced was healthier")
        .Unlisted()
        .AssuredAfterFailure()
        .After(DrainWorkers, DowngradeDatabase, RestoreDatabase, RollbackApp, Verify, Return)
        .OnlyWhenDynamic(() => HasFailed, "something failed after the first change")
        .Executes(() => AssuredStep(rollback => rollback.ReturnIfWorseAsync));

    private Target Rollback => _ => _
        .Description("The whole runbook: back up, verify the backup, deal with the migrations, roll the application back, verify what runs")
        .DependsOn(DrainWorkers, ForwardFix, RollbackApp, Verify, ReturnIfWorse)
        .Requires(() => HasAll(nameof(RollbackApp), nameof(Verify)));

    private Target Return => _ => _
        .Description("Goes back to the release that ran before the last run")
        .Triggers(ReturnIfWorse)
        .Requires(() => HasAll(nameof(ReturnIfWorse)))
        .Executes(() => Step(rollback => rollback.ReturnAsync));
}
