using Runback.Runbook.Deployments;

namespace Runback.Runbook.Releases;

/// <summary>What runs now, as far as a list of releases cares.</summary>
/// <param name="Tag">The tag of the running containers' image, or null when it is unknown or they differ.</param>
/// <param name="Digests">By service: the image's registry digest, or its image id where it was built on the host.</param>
public sealed record RunningRelease(string? Tag, IReadOnlyDictionary<string, string> Digests)
{
    /// <summary>Nothing runs, or nothing is known.</summary>
    public static RunningRelease None { get; } = new(null, new Dictionary<string, string>());

    /// <summary>Further digests and ids by which the images that run are known.</summary>
    public IReadOnlyCollection<string> Aliases { get; init; } = [];

    /// <summary>What the app services run.</summary>
    public static RunningRelease Of(IReadOnlyList<ServiceState> states) => new(
        states[0].Tag, states.Where(state => state.Identity is not null).ToDictionary(state => state.Service, state => state.Identity!, StringComparer.Ordinal))
    {
        Aliases = [.. states.SelectMany(state => state.Image?.Identities ?? []).Distinct(StringComparer.Ordinal)],
    };

    /// <summary>Whether a service runs the image that a digest or an id stands for.</summary>
    public bool Has(string identity) => Digests.Values.Contains(identity, StringComparer.Ordinal) || Aliases.Contains(identity);
}
