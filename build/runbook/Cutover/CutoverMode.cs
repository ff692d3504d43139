namespace Runback.Runbook.Cutover;

/// <summary>How the containers of serving services are exchanged.</summary>
public enum CutoverMode
{
    /// <summary>The old container is stopped and removed, then the new one is started: an outage of about the application's start-up.</summary>
    Recreate,

    /// <summary>The new container is started beside the old one, which goes when the new one is healthy: two releases serve for a
    /// moment. The proxy must look the service's name up for each connection, as Caddy and Traefik do; one that keeps the first address can't follow.</summary>
    Overlap,
}
