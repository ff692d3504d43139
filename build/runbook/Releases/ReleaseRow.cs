namespace Runback.Runbook.Releases;

/// <summary>One release in the list, with all that is known of it.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="PublishedAt">When it was built or pushed, in UTC; null when unknown.</param>
/// <param name="Digest">What its tag stands for now; null when it wasn't asked.</param>
/// <param name="Heads">The migration heads inside its image; empty when unknown.</param>
/// <param name="Marks">What it is to this deployment.</param>
/// <param name="VerifiedAt">When it last verified good here, in UTC; null for never.</param>
/// <param name="RolledBackWhy">The reason of the last rollback from it, where one was given.</param>
/// <param name="Problem">What could not be read of it, or null.</param>
public sealed record ReleaseRow(
    string Tag,
    DateTimeOffset? PublishedAt,
    Digest? Digest,
    IReadOnlyList<string> Heads,
    IReadOnlyList<ReleaseMark> Marks,
    DateTimeOffset? VerifiedAt,
    string? RolledBackWhy,
    string? Problem);

/// <summary>What a release is to a deployment.</summary>
public enum ReleaseMark
{
    /// <summary>It runs now.</summary>
    Running,

    /// <summary>Its tag runs now, but stands for another image in the registry than the one that runs.</summary>
    Moved,

    /// <summary>The newest that verified good and was not rolled back from.</summary>
    LastVerifiedGood,

    /// <summary>It verified good once.</summary>
    VerifiedGood,

    /// <summary>It was rolled back from and not trusted again since.</summary>
    RolledBackFrom,

    /// <summary>What <c>--tag previous</c> would pick.</summary>
    Previous,

    /// <summary>The deployment knows it, and the registry doesn't list it: it can't be pulled.</summary>
    NotInRegistry,
}
