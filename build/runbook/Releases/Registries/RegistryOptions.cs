using Runback.Runbook.Runs;

namespace Runback.Runbook.Releases.Registries;

/// <summary>How a registry is talked to.</summary>
public sealed record RegistryOptions
{
    /// <summary>
    /// Where the registry is reached from here, when that isn't where its references say: a tunnel, or an engine on another host whose
    /// <c>localhost</c> it is. Null derives it from the image.
    /// </summary>
    public Uri? Address { get; init; }

    /// <summary>Docker Hub's own API, which knows when each tag was pushed.</summary>
    public Uri HubAddress { get; init; } = new("https://hub.docker.com");

    /// <summary>Whether plain http is allowed to a registry (and its token server) that isn't on loopback. https is tried first.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>Where credentials come from. They are asked for only when the registry wants some.</summary>
    public ICredentialSource Credentials { get; init; } = new NoCredentials();

    /// <summary>Where passwords and tokens are added, so that no output shows them.</summary>
    public Secrets Secrets { get; init; } = new();

    /// <summary>How long one attempt may take, its whole body included.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one request may take with all of its attempts and the pauses between them.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The first pause before trying again; it doubles.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How often a failed attempt is repeated.</summary>
    public int Repeats { get; init; } = 3;

    /// <summary>The platform whose image counts in a multi-platform one, as <c>os/architecture[/variant]</c>.</summary>
    public string Platform { get; init; } = "linux/amd64";

    /// <summary>How many requests run at once.</summary>
    public int Parallel { get; init; } = 6;
}
