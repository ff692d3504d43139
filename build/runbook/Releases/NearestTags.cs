namespace Runback.Runbook.Releases;

/// <summary>Finds the tags that somebody may have meant.</summary>
public static class NearestTags
{
    private const int Most = 3;

    /// <summary>
    /// Up to three tags that look like the one given, nearest first: few single-character changes apart (a swap of neighbours is one), or with a long common
    /// beginning. Nothing when none does.
    /// </summary>
    public static IReadOnlyList<string> To(string wanted, IEnumerable<string> tags) =>
    [
        .. tags.Distinct(StringComparer.Ordinal)
            .Select(tag => (Tag: tag, Distance: Distance(wanted.ToLowerInvariant(), tag.ToLowerInvariant()), Prefix: CommonPrefix(wanted, tag)))
            .Where(one => one.Distance <= Math.Max(2, wanted.Length / 4) || one.Prefix * 2 > Math.Max(wanted.Length, one.Tag.Length))
            .OrderBy(one => one.Distance).ThenByDescending(one => one.Prefix).ThenByDescending(one => one.Tag, Comparer<string>.Create(TagOrder.CompareNaturally))
            .Take(Most)
            .Select(one => one.Tag),
    ];

    /// <summary>The optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.</summary>
    internal static int Distance(string one, string other)
    {
        var rows = new int[3][];
        for (var row = 0; row < rows.Length; row++)
            rows[row] = new int[other.Length + 1];
        var (before, previous, current) = (rows[0], rows[1], rows[2]);
        for (var j = 0; j <= other.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var change = one[i - 1] == other[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + change);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }
            (before, previous, current) = (previous, current, before);
        }
        return previous[other.Length];
    }

    private static int CommonPrefix(string one, string other) => one.AsSpan().CommonPrefixLength(other);
}
