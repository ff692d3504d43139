using Runback.Lab;
using Runback.Runbook.Drills;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;

// The drill: a rollback rehearsed on the lab under traffic, and measured.
internal sealed partial class Build
{
    [Parameter("The release that a drill rolls back from; --tag names the one that it rolls back to")]
    private readonly string DrillFrom = "2025-12-20-rc1";

    private Target Drill => _ => _
        .Description("Rehearses the rollback on the lab under traffic, and measures steps, outage and lost writes; brings the lab up where it isn't")
        .Executes(() => Wait(async cancellation =>
        {
            await PracticeAsync(cancellation);
            using var run = Begin();
            var drill = new DrillOperation(Deployment, Practice, DrillPlan(run), run, RegistryOptions);
            var report = await drill.RunAsync(_interruption.Renew, cancellation);
            _document = _secrets.Mask(report.ToJson());
            DrillTable.Write(report, People);
            report.ThrowUnlessDone();
        }));

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
