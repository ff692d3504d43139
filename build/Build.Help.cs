// The order and the headings of --help: as somebody looks for them in an incident.
internal sealed partial class Build
{
    public static (string, string[])[] HelpTargets =>
    [
        ("In an incident",
        [
            nameof(Rollback), nameof(Return), nameof(ForwardFix), nameof(RollbackApp), nameof(DisableExports), nameof(EnableExports),
            nameof(SwitchOff), nameof(SwitchOn),
            nameof(Announce), nameof(Trust),
        ]),
        ("Look", [nameof(Init), nameof(Check), nameof(Status), nameof(Releases), nameof(Checklist), nameof(Assess), nameof(Verify), nameof(Report), nameof(Rules)]),
        ("Database",
        [
            nameof(Backup), nameof(VerifyBackup), nameof(Rehearse), nameof(DowngradeDatabase), nameof(RestoreDatabase),
            nameof(UpgradeDatabase),
        ]),
        ("Practice", [nameof(Drill), nameof(LabUp), nameof(Deploy), nameof(LabDown)]),
        ("This project", [nameof(GenerateCi), nameof(Test), nameof(Benchmark)]),
    ];

    public static (string, string[])[] HelpParameters =>
    [
        ("What to roll back to, and how",
        [
            nameof(Tag), nameof(Strategy), nameof(DryRun), nameof(Yes), "Wait", nameof(Cutover), nameof(OnFailure), nameof(VerifyLevel),
            nameof(AcceptOverride), nameof(AcceptDrift), nameof(Output), nameof(Json),
        ]),
        ("Emergency strategies",
        [
            nameof(Incident), nameof(ApprovedBy), nameof(Reason), nameof(AcceptDowntime), nameof(AcceptDataLoss), nameof(Point),
            nameof(AllowedStrategies),
        ]),
        ("Switches, announcements, reports",
        [
            nameof(Switch), nameof(Message), nameof(Run), nameof(Open), nameof(AnnounceTo), nameof(SlackToken), nameof(GithubToken),
            nameof(GithubApiUrl),
            nameof(FollowUpRepository), nameof(FollowUpLabels), nameof(FollowUpTemplate),
        ]),
        ("Backups", [nameof(BackupFile), nameof(BackupCommand), nameof(BackupDirectory)]),
        ("Migrations, judged offline", [nameof(Migrations), nameof(From), nameof(To), nameof(Allow), nameof(Rule)]),
        ("Verification",
        [
            nameof(Watch), nameof(GoodAfter), nameof(WatchInterval), nameof(VerifyTimeout), nameof(HealthTimeout), nameof(SettleTime),
            nameof(SmokeRequests), nameof(MetricsPath),
            nameof(MetricsSeries), nameof(ErrorSeries), nameof(ErrorLimit), nameof(MetricsToken), nameof(MetricsTokenVariable),
            nameof(AllowInsecureMetrics), nameof(LogFail),
            nameof(LogIgnore), nameof(LogWindow),
        ]),
        ("The deployment, in its profile",
        [
            nameof(NewProfile),
            nameof(Directory), nameof(ComposeFiles), nameof(EnvFile), nameof(ProjectName), nameof(Services), nameof(Workers),
            nameof(ServicePort), nameof(DatabaseService),
            nameof(Database), nameof(DatabaseUser), nameof(DatabasePassword), nameof(BaseUrl), nameof(HealthPath), nameof(ReadyPath),
            nameof(ReadyOk), nameof(ReadyCurrent), nameof(ReadyExpected),
            nameof(Image), nameof(TagVariable),
            nameof(MigrationsDirectory), nameof(AlembicCommand), nameof(Switches), nameof(RegistryUser), nameof(RegistryPassword),
            nameof(AllowInsecureRegistry),
        ]),
        ("Drills and the lab",
        [
            nameof(Provision), nameof(DrillFrom), nameof(Beside), nameof(ObjectiveRollback), nameof(ObjectiveData),
            nameof(ObjectiveOutage), nameof(DataMegabytes), nameof(PostgresVersion),
            nameof(Reset), nameof(KeepImages),
        ]),
        ("This project",
        [
            nameof(Quick), nameof(Thorough), nameof(Filter), nameof(List), nameof(Faults), nameof(Seed), nameof(Pairs), nameof(Sizes),
            nameof(DrillSchedule), nameof(OnHost),
        ]),
    ];

    /// <summary>The parameters that matter for a target, beside those of the profile.</summary>
    public static (string, string[])[] HelpOf =>
    [
        (nameof(Rollback),
        [
            nameof(Tag), nameof(DryRun), nameof(Yes), nameof(Strategy), "Wait", nameof(Cutover), nameof(OnFailure), nameof(VerifyLevel),
            nameof(Incident), nameof(Reason),
            nameof(ApprovedBy), nameof(AcceptDowntime), nameof(AcceptDataLoss), nameof(Point), nameof(AcceptOverride), nameof(AcceptDrift),
            nameof(HealthTimeout), nameof(SettleTime), nameof(Json),
        ]),
        (nameof(RollbackApp),
        [
            nameof(Tag), nameof(DryRun), nameof(Yes), nameof(Strategy), "Wait", nameof(Cutover), nameof(OnFailure),
            nameof(AcceptOverride), nameof(AcceptDrift), nameof(HealthTimeout), nameof(Json),
        ]),
        (nameof(Return), [nameof(DryRun), nameof(Yes), "Wait", nameof(Cutover), nameof(Incident), nameof(Reason), nameof(Json)]),
        (nameof(ForwardFix), [nameof(Tag), nameof(Output), nameof(DryRun), "Wait", nameof(Incident), nameof(Json)]),
        (nameof(DisableExports), [nameof(DryRun), nameof(Yes), "Wait", nameof(Switches), nameof(Json)]),
        (nameof(EnableExports), [nameof(DryRun), nameof(Yes), "Wait", nameof(Switches), nameof(Json)]),
        (nameof(SwitchOff), [nameof(Switch), nameof(DryRun), nameof(Yes), "Wait", nameof(Switches), nameof(Json)]),
        (nameof(SwitchOn), [nameof(Switch), nameof(DryRun), nameof(Yes), "Wait", nameof(Switches), nameof(Json)]),
        (nameof(Announce), [nameof(Message), nameof(AnnounceTo), nameof(Incident), nameof(Reason), nameof(DryRun), nameof(Json)]),
        (nameof(Init), [nameof(Directory), nameof(ProjectName), nameof(ComposeFiles), nameof(EnvFile), nameof(NewProfile), nameof(DryRun), nameof(Yes), nameof(Json)]),
        (nameof(Check), [nameof(Tag), nameof(Strategy), nameof(Cutover), nameof(AcceptOverride), nameof(AcceptDrift), nameof(Json)]),
        (nameof(Status), [nameof(Json)]),
        (nameof(Releases), [nameof(Json)]),
        (nameof(Assess), [nameof(Tag), nameof(Migrations), nameof(From), nameof(To), nameof(Allow), nameof(Json)]),
        (nameof(Checklist), [nameof(Tag), nameof(Strategy), nameof(Incident), nameof(Reason), nameof(ApprovedBy), nameof(Json)]),
        (nameof(Verify),
        [
            nameof(Watch), nameof(GoodAfter), nameof(WatchInterval), nameof(VerifyTimeout), nameof(SmokeRequests), nameof(MetricsPath),
            nameof(LogFail), nameof(Json),
        ]),
        (nameof(Report), [nameof(Run), nameof(Open), nameof(Json)]),
        (nameof(Backup), [nameof(BackupCommand), nameof(BackupDirectory), nameof(DryRun), "Wait", nameof(Json)]),
        (nameof(VerifyBackup), [nameof(VerifyLevel), nameof(BackupFile), nameof(DryRun), nameof(Json)]),
        (nameof(Rehearse), [nameof(Tag), nameof(Strategy), nameof(Point), "Wait", nameof(Json)]),
        (nameof(DowngradeDatabase),
        [
            nameof(Tag), nameof(Incident), nameof(ApprovedBy), nameof(AcceptDowntime), nameof(AcceptDataLoss), nameof(DryRun),
            nameof(Yes), "Wait", nameof(Json),
        ]),
        (nameof(RestoreDatabase),
        [
            nameof(Tag), nameof(Point), nameof(Incident), nameof(ApprovedBy), nameof(AcceptDowntime), nameof(AcceptDataLoss),
            nameof(DryRun), nameof(Yes), "Wait", nameof(Json),
        ]),
        (nameof(UpgradeDatabase), [nameof(Tag), nameof(DryRun), nameof(Yes), "Wait", nameof(Json)]),
        (nameof(Trust), [nameof(Tag), nameof(Reason), nameof(ApprovedBy), nameof(Json)]),
        (nameof(Drill),
        [
            nameof(Provision), nameof(Tag), nameof(DrillFrom), nameof(Strategy), nameof(Beside), nameof(ObjectiveRollback),
            nameof(ObjectiveData), nameof(ObjectiveOutage), nameof(Json),
        ]),
        (nameof(LabUp), [nameof(Provision), nameof(DataMegabytes), nameof(PostgresVersion)]),
        (nameof(Deploy), [nameof(Tag), nameof(Reset), nameof(DataMegabytes)]),
        (nameof(LabDown), [nameof(KeepImages)]),
        (nameof(Rules), [nameof(Rule)]),
        (nameof(GenerateCi), [nameof(OnHost), nameof(DrillSchedule), nameof(DryRun)]),
        (nameof(Test), [nameof(Provision), nameof(Quick), nameof(Thorough), nameof(Filter), nameof(List), nameof(Faults), nameof(Seed)]),
        (nameof(Benchmark), [nameof(Sizes), nameof(Pairs), nameof(Strategy), nameof(DrillFrom), nameof(Output), nameof(Provision)]),
    ];
}
