using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Releases;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Deployments;

/// <summary>Reads what runs, where only that is wanted.</summary>
public static class RunningReleaseReader
{
    /// <summary>What runs, or nothing when the deployment can't be observed from here: a list of releases is useful without it.</summary>
    public static async Task<RunningRelease> ReadAsync(Deployment deployment, Shell shell, CancellationToken cancellation)
    {
        using var engine = new EngineApi();
        using var probe = new HttpProbe();
        try
        {
            var project = await new Observer(deployment, engine, probe, shell).ProjectAsync(cancellation);
            return RunningRelease.Of(await ServiceObserver.ObserveAsync(deployment, project.Name, engine, cancellation));
        }
        catch (RunbookException)
        {
            return RunningRelease.None;
        }
    }
}
