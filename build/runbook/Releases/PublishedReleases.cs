namespace Runback.Runbook.Releases;

/// <summary>The releases that a registry shows, newest first.</summary>
/// <param name="Releases">The releases.</param>
/// <param name="Note">What is missing from the list, for people; null when nothing is.</param>
public sealed record PublishedReleases(IReadOnlyList<PublishedRelease> Releases, string? Note);
