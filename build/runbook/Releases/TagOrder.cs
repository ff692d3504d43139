using System.Globalization;
using System.Text.RegularExpressions;

namespace Runback.Runbook.Releases;

/// <summary>
/// The order of tags by what they say themselves, newest first: those with a date, then versions, then the rest; numbers inside count as numbers. A
/// registry lists tags without dates, so this decides which are worth asking about.
/// </summary>
public static partial class TagOrder
{
    /// <summary>Orders tags, those that look newest first.</summary>
    public static IEnumerable<string> NewestFirst(IEnumerable<string> tags) => tags
        .OrderByDescending(tag => DateIn(tag) ?? DateOnly.MinValue)
        .ThenByDescending(IsVersion)
        .ThenByDescending(tag => tag, Comparer<string>.Create(CompareNaturally));

    /// <summary>The calendar date inside a tag, as in <c>2025-12-15-rc1</c>, <c>20251215</c> or <c>v2025.12.15</c>; null when there is none.</summary>
    public static DateOnly? DateIn(string tag)
    {
        foreach (Match match in Date().Matches(tag))
        {
            if (DateOnly.TryParseExact(match.Groups["y"].Value + match.Groups["m"].Value + match.Groups["d"].Value, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                return date;
        }
        return null;
    }

    /// <summary>Whether the tag holds what belongs to another image (signatures, attestations: <c>sha256-HEX</c> with a suffix) and no release.</summary>
    public static bool IsReferrer(string tag) => Referrer().IsMatch(tag);

    /// <summary>Compares texts part by part: runs of digits by their number, everything else by its characters.</summary>
    public static int CompareNaturally(string one, string other)
    {
        int i = 0, j = 0;
        while (i < one.Length && j < other.Length)
        {
            if (char.IsAsciiDigit(one[i]) && char.IsAsciiDigit(other[j]))
            {
                var first = DigitsAt(one, ref i).TrimStart('0');
                var second = DigitsAt(other, ref j).TrimStart('0');
                var byNumber = first.Length != second.Length ? first.Length.CompareTo(second.Length) : first.SequenceCompareTo(second);
                if (byNumber != 0)
                    return byNumber;
            }
            else if (one[i] != other[j])
            {
                return one[i].CompareTo(other[j]);
            }
            else
            {
                i++;
                j++;
            }
        }
        var byRest = (one.Length - i).CompareTo(other.Length - j);
        // 1.01 and 1.1 count the same, and an order needs a last word.
        return byRest != 0 ? byRest : string.CompareOrdinal(one, other);
    }

    private static ReadOnlySpan<char> DigitsAt(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
            position++;
        return text.AsSpan(start, position - start);
    }

    private static bool IsVersion(string tag) => Version().IsMatch(tag);

    [GeneratedRegex(@"(?<![0-9])(?<y>20[0-9]{2})(?<s>[-._]?)(?<m>[0-9]{2})\k<s>(?<d>[0-9]{2})(?![0-9]{1,3}(?![0-9]))", RegexOptions.CultureInvariant)]
    private static partial Regex Date();

    [GeneratedRegex(@"\Av?[0-9]+([.-]|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex Version();

    [GeneratedRegex(@"\Asha(256|512)-[0-9a-f]{64,128}(\..*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Referrer();
}
