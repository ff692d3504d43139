using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rehearsals;

/// <summary>Where a service listens inside its container.</summary>
internal static class ServicePort
{
    /// <summary>The port that the profile names, else the first of the compose file's, else the first of the image's.</summary>
    /// <exception cref="RunbookException">Nobody names one (outcome Refused).</exception>
    public static int Of(Deployment deployment, ComposeService service, Image image) =>
        deployment.ServicePort is { } port ? port
        : service.Ports is [var first, ..] ? first
        : image.Ports is [var exposed, ..] ? exposed
        : throw RunbookException.Refused(
            $"expected the port of the service `{service.Name}` in the compose file (`expose`, `ports`) or in its image (`EXPOSE`), found none",
            "name it: --service-port");
}
