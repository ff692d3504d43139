using Runback.Runbook.Runs;

namespace Runback.Runbook.Releases;

/// <summary>What the ledger tells, oldest first. Order is that of the lines, not of the clocks that wrote them.</summary>
public sealed class LedgerHistory
{
    private readonly List<Line> _lines;
    private readonly string? _gone;

    private LedgerHistory(List<Line> lines, string? gone = null) => (_lines, _gone) = (lines, gone);

    /// <summary>A deployment about which nothing is known.</summary>
    public static LedgerHistory Empty { get; } = new([]);

    /// <summary>A deployment whose ledger was there and isn't any more: what it knew, and what was rolled back from, is forgotten.</summary>
    internal static LedgerHistory Gone(string path) => new([], $"the ledger {path} isn't there, though runs are kept that wrote into it: what verified good here and what was rolled back from isn't known");

    /// <summary>The events that could be read.</summary>
    public IEnumerable<LedgerEvent> Events => _lines.Select(line => line.Event).OfType<LedgerEvent>();

    /// <summary>What could not be read and why, for people: such lines are kept in the file and count for nothing but caution.</summary>
    public IEnumerable<string> Notes => _gone is not null ? [_gone] : _lines.Where(line => line.Event is null).Select(line => $"line {line.Number} of the ledger {line.Reason}; it is kept and ignored");

    /// <summary>The last verification of a release that was not rolled back from, or null.</summary>
    public VerifiedGood? LastVerifiedGood => Newest(_ => true);

    /// <summary>The last verifications of different releases that were not rolled back from, the newest first.</summary>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<VerifiedGood> LastVerifiedGoods(int most)
    {
        List<VerifiedGood> found = [];
        for (var index = _lines.Count - 1; index >= 0 && found.Count < most; index--)
        {
            if (_lines[index].Event is VerifiedGood verified && !found.Exists(one => one.IsSameRelease(verified.Tag, verified.Digests)) && IsTrusted(verified, index))
                found.Add(verified);
        }
        return found;
    }

    /// <summary>Reads the file's text.</summary>
    public static LedgerHistory Parse(string text)
    {
        List<Line> lines = [];
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var (entry, reason) = LedgerLine.Read(line);
            lines.Add(new Line(number, line, entry, reason));
        }
        return new LedgerHistory(lines);
    }

    /// <summary>
    /// The release that <c>--tag previous</c> means: the last one that verified good, isn't the running one, was never rolled back from (trap 18), and has a
    /// tag that names a release. One that was rolled back from stays out, whatever verifications follow, until a person vouches for it
    /// (<see cref="TrustedAgain"/>) and it verifies good after that. A release under another tag with the same images, and a line that can't be read but names
    /// the tag, count against it too.
    /// </summary>
    /// <param name="running">What runs now.</param>
    /// <returns>The verification, whose digests say which images are meant; or null.</returns>
    public VerifiedGood? Previous(RunningRelease running) => Newest(verified =>
        verified.Tag != running.Tag && !verified.IsSameRelease(running.Tag ?? "", running.Digests)
        && !(verified.Digests.Count > 0 && verified.Digests.Values.All(running.Has)));

    /// <summary>The same as <see cref="Previous"/>, as a gate.</summary>
    /// <exception cref="RunbookException">There is none; the outcome is <see cref="Outcome.Refused"/>.</exception>
    public VerifiedGood RequirePrevious(RunningRelease running)
    {
        if (Previous(running) is { } previous)
            return previous;
        var verified = Events.OfType<VerifiedGood>().Select(one => one.Tag).Distinct(StringComparer.Ordinal).ToList();
        var found = _gone is not null ? $"none: {_gone}" : verified.Count == 0
            ? "none that ever verified good"
            : $"only such as run now, were rolled back from, or have a moving tag: {string.Join(", ", verified)}";
        throw RunbookException.Refused(
            $"expected an earlier release that verified good on this deployment, found {found}",
            "name the release: --tag TAG; the Releases target lists them with what is known of each");
    }

    /// <summary>The last time that a tag was rolled back from without being trusted again since, or null.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="now">What the tag stands for now; a rollback from other images under this tag doesn't count. Null counts all.</param>
    public RolledBackFrom? RollbackOf(string tag, Digest? now)
    {
        for (var index = _lines.Count - 1; index >= 0; index--)
        {
            switch (_lines[index].Event)
            {
                case TrustedAgain trusted when Concerns(trusted, tag, now):
                    return null;
                case RolledBackFrom left when Concerns(left, tag, now):
                    return left;
            }
        }
        return null;
    }

    /// <summary>The last event of a kind about a tag, or null.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="now">What the tag stands for now; an event of other images under this tag doesn't count. Null counts all.</param>
    public T? Last<T>(string tag, Digest? now)
        where T : LedgerEvent => Events.OfType<T>().LastOrDefault(entry => Concerns(entry, tag, now));

    private static bool Concerns(LedgerEvent entry, string tag, Digest? now) =>
        entry.Tag == tag && (now is null || entry.Digests.Count == 0 || entry.Digests.Values.Contains(now.Value, StringComparer.Ordinal));

    private VerifiedGood? Newest(Func<VerifiedGood, bool> accepts)
    {
        for (var index = _lines.Count - 1; index >= 0; index--)
        {
            if (_lines[index].Event is VerifiedGood verified && accepts(verified) && Releases.Tag.TryParse(verified.Tag, out var tag) && !tag.Moves && IsTrusted(verified, index))
                return verified;
        }
        return null;
    }

    // Later lines are held against it by tag as well as by image: its tag may stand for the bad image by now. Earlier ones by image, for a tag pushed again
    // is a new release.
    private bool IsTrusted(VerifiedGood verified, int position)
    {
        bool IsAbout(LedgerEvent other, int index) =>
            verified.IsSameRelease(other.Tag, other.Digests) || (index > position && other.Tag == verified.Tag);
        for (var index = _lines.Count - 1; index >= 0; index--)
        {
            var line = _lines[index];
            switch (line.Event)
            {
                case null when index > position && line.Text.Contains($"\"{verified.Tag}\"", StringComparison.Ordinal):
                    return false;
                case RolledBackFrom left when IsAbout(left, index):
                    return false;
                case TrustedAgain trusted when index < position && IsAbout(trusted, index):
                    return true;
            }
        }
        return true;
    }

    private sealed record Line(int Number, string Text, LedgerEvent? Event, string? Reason);
}
