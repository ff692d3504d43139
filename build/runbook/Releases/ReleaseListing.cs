namespace Runback.Runbook.Releases;

/// <summary>The list that the Releases target shows: what the registry has, joined with what the ledger and the running containers say.</summary>
/// <param name="Image">The image.</param>
/// <param name="At">When it was made, in UTC; ages count from here.</param>
/// <param name="Rows">The releases, newest first; those that only the deployment knows are last.</param>
/// <param name="Notes">What is missing from the list, and what the ledger could not tell.</param>
public sealed record ReleaseListing(ImageReference Image, DateTimeOffset At, IReadOnlyList<ReleaseRow> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>Joins what is known.</summary>
    /// <param name="image">The image.</param>
    /// <param name="published">What the registry shows.</param>
    /// <param name="history">What the ledger tells.</param>
    /// <param name="running">What runs.</param>
    /// <param name="heads">Migration heads by tag, where somebody has looked into the image; the ledger's are used for the rest.</param>
    /// <param name="at">Now, in UTC.</param>
    public static ReleaseListing Of(
        ImageReference image,
        PublishedReleases published,
        LedgerHistory history,
        RunningRelease running,
        IReadOnlyDictionary<string, IReadOnlyList<string>> heads,
        DateTimeOffset at)
    {
        ReleaseRow Row(string tag, DateTimeOffset? publishedAt, Digest? digest, string? problem, bool listed)
        {
            var rollback = history.RollbackOf(tag, digest);
            return new ReleaseRow(
                tag,
                publishedAt,
                digest,
                heads.GetValueOrDefault(tag) ?? HeadsOf(history, tag, digest),
                [.. Marks(tag, digest, listed, history, running)],
                history.Last<VerifiedGood>(tag, digest)?.At,
                rollback?.Why,
                problem);
        }

        var rows = published.Releases.Select(release => Row(release.Tag.Value, release.PublishedAt, release.Digest, release.Problem, listed: true)).ToList();
        var listed = rows.Select(row => row.Tag).ToHashSet(StringComparer.Ordinal);
        string?[] known = [running.Tag, history.LastVerifiedGood?.Tag, history.Previous(running)?.Tag];
        rows.AddRange(known.OfType<string>().Distinct(StringComparer.Ordinal).Where(tag => !listed.Contains(tag)).Select(tag => Row(tag, null, null, null, listed: false)));
        return new ReleaseListing(image, at, rows, [.. new[] { published.Note }.OfType<string>(), .. history.Notes]);
    }

    private static IEnumerable<ReleaseMark> Marks(string tag, Digest? digest, bool listed, LedgerHistory history, RunningRelease running)
    {
        if (tag == running.Tag)
        {
            yield return ReleaseMark.Running;
            if (digest is not null && running.Digests.Count > 0 && !running.Has(digest.Value))
                yield return ReleaseMark.Moved;
        }
        if (tag == history.Previous(running)?.Tag)
            yield return ReleaseMark.Previous;
        if (tag == history.LastVerifiedGood?.Tag)
            yield return ReleaseMark.LastVerifiedGood;
        else if (history.Last<VerifiedGood>(tag, digest) is not null)
            yield return ReleaseMark.VerifiedGood;
        if (history.RollbackOf(tag, digest) is not null)
            yield return ReleaseMark.RolledBackFrom;
        if (!listed)
            yield return ReleaseMark.NotInRegistry;
    }

    private static IReadOnlyList<string> HeadsOf(LedgerHistory history, string tag, Digest? digest) =>
        history.Last<VerifiedGood>(tag, digest)?.Heads is { Count: > 0 } verified ? verified : history.Last<Deployed>(tag, digest)?.Heads ?? [];
}
