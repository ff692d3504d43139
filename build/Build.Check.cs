using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;
using Runback.Runbook.Releases;
using Runback.Runbook.Runs;
using Runback.Runbook.Status;

// What a rollback would refuse today: known before the night in which it is needed.
internal sealed partial class Build
{
    private Target Check => _ => _
        .Description("Tells what a rollback would refuse today: every gate judges, for --tag, for `previous`, or for what runs; exit code 3 when one would refuse")
        .Executes(() => Wait(async cancellation =>
        {
            using var catalog = new ReleaseCatalog(ImageReference.Parse(Deployment.Image), RegistryOptions);
            // As in a dry run: nothing is pulled, and what can't be judged without it isn't.
            var shell = new Shell(new Narration(People, _secrets), Journal.None, dryRun: true);
            var report = await new DeploymentCheck(Deployment, Request, catalog, shell).RunAsync(cancellation);
            Present(report.ToJson(), report.Lines());
            if (report.Grade == Grade.WouldRefuse)
                ExitCode = Outcome.Refused.ExitCode();
        }));
}
