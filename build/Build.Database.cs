using Runback.Runbook.Rollbacks;

// What the runbook's section 3 does with the database, each by its strategy.
internal sealed partial class Build
{
    private bool IsRehearsed => IsNeeded && (Course.IsRehearsed() || InvokedTargets.Any(target => target.Name == nameof(Rehearse)));

    private Target Rehearse => _ => _
        .Description("Does the database part on a copy restored from the fresh backup: the target release on the schema as it is, the downgrade, the upgrade again; changes nothing")
        .DependsOn(Preflight, Backup, VerifyBackup)
        .Requires(() => HasAll(nameof(Preflight)))
        .OnlyWhenDynamic(() => IsRehearsed, "the migrations or the strategy call for it, or it was asked for by name")
        .Executes(() => Step(rollback => rollback.RehearseAsync));

    private Target DowngradeDatabase => _ => _
        .Description("Emergency: stops the application and undoes the migrations that --tag doesn't know, as it was rehearsed; then RollbackApp")
        .DependsOn(Rehearse)
        .Triggers(RollbackApp, Verify, ReturnIfWorse)
        .Requires(() => HasAll(nameof(Preflight), nameof(RollbackApp)))
        .OnlyWhenDynamic(() => IsNeeded && Course == Course.Downgrade, "the strategy is Downgrade, and the database has migrations to undo")
        .Executes(() => Step(rollback => rollback.DowngradeDatabaseAsync));

    private Target RestoreDatabase => _ => _
        .Description("Catastrophe: puts a backup (--point) in the database's place, which is kept under another name; then RollbackApp")
        .DependsOn(Rehearse)
        .Triggers(RollbackApp, Verify, ReturnIfWorse)
        .Requires(() => HasAll(nameof(Preflight), nameof(RollbackApp)))
        .OnlyWhenDynamic(() => IsNeeded && Course == Course.Restore, "the strategy is Restore")
        .Executes(() => Step(rollback => rollback.RestoreDatabaseAsync));

    private Target ForwardFix => _ => _
        .Description("Preferred: writes a migration that gives --tag's code back what it needs, tries it on a copy, and hands it out; changes nothing")
        .DependsOn(Preflight, Backup, VerifyBackup)
        .Requires(() => HasAll(nameof(Preflight)))
        .OnlyWhenDynamic(() => IsNeeded && Course == Course.ForwardFix, "the strategy is ForwardFix, and the database has migrations to mend")
        .Executes(() => Step(rollback => rollback.ForwardFixAsync));

    private Target UpgradeDatabase => _ => _
        .Description("After a migration that failed midway: says what of --tag's migrations is applied and what isn't, and runs the rest once its cause is gone")
        .After(VerifyBackup)
        .DependsOn(Backup, VerifyBackup)
        .Requires(() => Tag)
        .Executes(() => Step(rollback => rollback.UpgradeDatabaseAsync));
}
