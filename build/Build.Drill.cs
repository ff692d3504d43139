using Runback.Lab;
using Runback.Runbook.Drills;
using Runback.Runbook.Drills.Beside;
using Runback.Runbook.Incidents;
using Runback.Runbook.Releases;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;

// The drill: a rollback rehearsed on the lab under traffic, and measured.
internal sealed partial class Build
{
    [Parameter("The release that a drill rolls back from; --tag names the one that it rolls back to")]
    private readonly string DrillFrom = "2025-12-20-rc1";

    [Parameter("Drills beside the deployment: on an isolated copy of it, from its latest verified backup, removed afterwards; without it, a drill is for a lab only")]
    private readonly bool Beside;

    [Parameter("How long a drill's rollback may take, verification included, in seconds (RTO); a miss fails the drill")]
    private readonly double? ObjectiveRollback;

    [Parameter("How old the backup may be that a drill is held with, in seconds (RPO); a miss fails the drill")]
    private readonly double? ObjectiveData;

    [Parameter("How long clients may be without an answer in a drill, in seconds; a miss fails the drill")]
    private readonly double? ObjectiveOutage;

    private Target Drill => _ => _
        .Description("Rehearses the rollback and measures it: on the lab under traffic, or --beside the deployment of a profile, which stays untouched")
        .Executes(() => Wait(async cancellation =>
        {
            if (Beside)
            {
                await BesideAsync(cancellation);
                return;
            }
            await PracticeAsync(cancellation);
            using var run = Begin();
            var drill = new DrillOperation(Deployment, Practice, DrillPlan(run), run, RegistryOptions);
            var report = await drill.RunAsync(_interruption.Renew, cancellation);
            _document = _secrets.Mask(report.ToJson());
            DrillTable.Write(report, People);
            report.ThrowUnlessDone();
        }));

    private async Task BesideAsync(CancellationToken cancellation)
    {
        if (DryRun)
            throw RunbookException.Usage("expected a drill, found --dry-run", "leave --dry-run out: the deployment isn't changed, and the copy is removed");
        using var run = Begin();
        var options = AnnouncerOptions;
        _secrets.Add(options.SlackToken, options.GitHubToken);
        using var announcer = Announcer.Create(AnnounceTo, options, run);
        var request = new BesideRequest
        {
            WhenFailed = async (name, patience) => run.Result.Announcements = await announcer.SayAsync(Announcement.Of(run.Result, Moment.Failure, name), patience),
            Rollback = Practice with { Tag = Tag ?? TagRequest.PreviousWord },
            Objectives = new DrillObjectives(ObjectiveRollback, ObjectiveData, ObjectiveOutage),
        };
        using var drill = new BesideDrill(Deployment, request, run, RegistryOptions);
        var report = await drill.RunAsync(cancellation);
        _document = _secrets.Mask(report.ToJson());
        DrillTable.Write(report, People);
        report.ThrowUnlessDone();
    }

    // On a throw-away stack the person who drills accepts everything; what is drilled is the way, not the permission.
    private RollbackRequest Practice => Request with
    {
        Reason = Reason ?? "drill", Incident = Incident ?? "drill", ApprovedBy = ApprovedBy ?? "the drill", AcceptDowntime = true, AcceptDataLoss = true,
    };

    private DrillPlan DrillPlan(Run run) => new()
    {
        Good = Tag ?? Runback.Lab.LabOptions.DefaultTag,
        Bad = DrillFrom,
        // The good release comes onto a new database: a drill before this one left it at a revision that this release doesn't know.
        Deploy = (tag, cancellation) => new LabStack(LabOptions, run.Shell).DeployAsync(tag, reset: tag != DrillFrom, cancellation),
        Workload = LabWorkload.For(run.Id),
    };

    // Practice changes what it is held on: never another deployment than a lab.
    private Task PracticeAsync(CancellationToken cancellation) => Practised().UpAsync(cancellation);
}
