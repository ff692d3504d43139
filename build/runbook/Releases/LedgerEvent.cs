namespace Runback.Runbook.Releases;

/// <summary>Something that happened to a release on this deployment, as one line of the ledger.</summary>
/// <param name="Tag">The release's tag.</param>
/// <param name="Digests">What ran, by service: the image's registry digest, or its image id where it was built on the host.</param>
/// <param name="At">When, in UTC.</param>
/// <param name="Run">The run that saw to it.</param>
public abstract record LedgerEvent(string Tag, IReadOnlyDictionary<string, string> Digests, DateTimeOffset At, string Run)
{
    /// <summary>
    /// Whether both are about one release: the same images where both name any service in common, else the same tag. A tag that was pushed again is
    /// another release; one image under two tags is one release.
    /// </summary>
    public bool IsSameRelease(string tag, IReadOnlyDictionary<string, string> digests)
    {
        var common = Digests.Keys.Intersect(digests.Keys, StringComparer.Ordinal).ToList();
        return common.Count > 0 ? common.TrueForAll(service => Digests[service] == digests[service]) : Tag == tag;
    }
}

/// <summary>A release was brought onto the deployment. It says nothing about whether it is good (trap 18).</summary>
public sealed record Deployed(string Tag, IReadOnlyDictionary<string, string> Digests, DateTimeOffset At, string Run) : LedgerEvent(Tag, Digests, At, Run)
{
    /// <summary>The migration heads inside its image.</summary>
    public IReadOnlyList<string> Heads { get; init; } = [];
}

/// <summary>A release passed the whole verification.</summary>
public sealed record VerifiedGood(string Tag, IReadOnlyDictionary<string, string> Digests, DateTimeOffset At, string Run) : LedgerEvent(Tag, Digests, At, Run)
{
    /// <summary>The migration heads inside its image.</summary>
    public IReadOnlyList<string> Heads { get; init; } = [];
}

/// <summary>A release was rolled back from: it was bad, however well it verified before.</summary>
public sealed record RolledBackFrom(string Tag, IReadOnlyDictionary<string, string> Digests, DateTimeOffset At, string Run) : LedgerEvent(Tag, Digests, At, Run)
{
    /// <summary>The operator's reason.</summary>
    public string? Why { get; init; }
}

/// <summary>
/// A person vouches for a release that was rolled back from: the trouble was not its own. Only this, and a verification after it, makes
/// <c>previous</c> pick it again.
/// </summary>
public sealed record TrustedAgain(string Tag, IReadOnlyDictionary<string, string> Digests, DateTimeOffset At, string Run) : LedgerEvent(Tag, Digests, At, Run)
{
    /// <summary>Who vouches.</summary>
    public string? By { get; init; }

    /// <summary>The reason.</summary>
    public string? Why { get; init; }
}
