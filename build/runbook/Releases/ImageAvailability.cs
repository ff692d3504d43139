namespace Runback.Runbook.Releases;

/// <summary>Whether a release's image can be pulled.</summary>
/// <param name="State">The answer.</param>
/// <param name="Current">What the tag stands for now, or null.</param>
/// <param name="Detail">What is wrong, for people; null when nothing is.</param>
public sealed record ImageAvailability(Availability State, Digest? Current, string? Detail)
{
    /// <summary>Whether the release can be pulled, by its tag or (<see cref="Availability.Moved"/>) by its digest only.</summary>
    public bool CanBePulled => State is Availability.Pullable or Availability.Moved;
}

/// <summary>States of an image in a registry.</summary>
public enum Availability
{
    /// <summary>The tag stands for the expected image, and all of it is there.</summary>
    Pullable,

    /// <summary>The expected image is there, but the tag stands for another one or is gone: it must be pulled by digest.</summary>
    Moved,

    /// <summary>The registry doesn't have it.</summary>
    Gone,

    /// <summary>The registry has its manifest, and lacks parts of it.</summary>
    Incomplete,

    /// <summary>The registry could not be asked. That counts as dangerous.</summary>
    Unknown,
}
