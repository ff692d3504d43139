using System.Buffers;
using System.Text;

namespace Runback.Runbook.Runs;

/// <summary>The values that must never leave: replaced by *** in every text before it is printed or stored.</summary>
public sealed class Secrets
{
    // Shorter values would mask half of an ordinary text, and protect nothing.
    private const int MinimumLength = 4;
    private const char Ellipsis = '\u2026';
    private readonly Lock _lock = new();
    private string[] _given = [];
    private volatile Finder _finder = new([]);

    /// <summary>The values as they were added.</summary>
    public IReadOnlyCollection<string> Values => _given;

    /// <summary>Adds values to hide, in every spelling in which they may turn up (<see cref="SecretSpellings"/>).</summary>
    public void Add(params IEnumerable<string?> values)
    {
        lock (_lock)
        {
            // Through the old ones once only: what is learnt again changes nothing.
            List<string> fresh = [.. values.OfType<string>().Where(value => value.Length >= MinimumLength).Distinct(StringComparer.Ordinal).Except(_given, StringComparer.Ordinal)];
            if (fresh.Count == 0)
                return;
            _given = [.. _given, .. fresh];
            _finder = new Finder(_given);
        }
    }

    /// <summary>The text with every secret in it replaced by ***, and the passwords in its URLs, known or not.</summary>
    public string Mask(string text) => UrlCredentials.Mask(Replace(text, _finder.In(text)));

    /// <summary>The same for a text of which the end is missing: half of a secret that stands there is masked as well.</summary>
    public string MaskCut(string text)
    {
        var finder = _finder;
        // The half of a character that the cut has left.
        text = text.TrimEnd('\ufffd');
        var found = finder.In(text);
        if (finder.BeginsBefore(text, text.Length) is { } half)
            found.Add((half, text.Length));
        return UrlCredentials.Mask(Replace(text, found));
    }

    private static string Replace(string text, List<(int Start, int End)> found)
    {
        if (found.Count == 0)
            return text;
        found.Sort();
        var masked = new StringBuilder(text.Length);
        var (start, end) = found[0];
        var at = 0;
        foreach (var next in found.Skip(1).Append((int.MaxValue, 0)))
        {
            // What overlaps is one: neither leaves its other half.
            if (next.Item1 < end)
            {
                end = Math.Max(end, next.Item2);
                continue;
            }
            masked.Append(text, at, start - at).Append("***");
            at = end;
            (start, end) = next;
        }
        return masked.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>Where secrets are in a text. Looked at for every line that is printed or logged: one pass for all literal spellings.</summary>
    private sealed class Finder
    {
        private readonly SearchValues<string>? _literals;
        private readonly Dictionary<string, string[]> _byBeginning;
        private readonly List<SpellingPattern> _patterns;

        // Most lines hold the anchor of none: that is seen in one pass too.
        private readonly SearchValues<string>? _anchors;

        public Finder(IReadOnlyCollection<string> values)
        {
            List<string> literals = [.. values.SelectMany(SecretSpellings.Of).Where(form => form.Length >= MinimumLength).Distinct(StringComparer.Ordinal)];
            _literals = literals.Count == 0 ? null : SearchValues.Create([.. literals], StringComparison.Ordinal);
            _byBeginning = literals.GroupBy(form => form[..MinimumLength], StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.OrderByDescending(form => form.Length).ToArray(), StringComparer.Ordinal);
            _patterns = [.. values.SelectMany(SpellingPattern.Of)];
            _anchors = _patterns.Count > 0 && _patterns.TrueForAll(pattern => pattern.Anchor.Length > 0) ? SearchValues.Create([.. _patterns.Select(pattern => pattern.Anchor)], StringComparison.Ordinal) : null;
        }

        public List<(int Start, int End)> In(string text)
        {
            List<(int, int)> found = [];
            if (_literals is null || text.Length < MinimumLength)
                return found;
            var lookup = _byBeginning.GetAlternateLookup<ReadOnlySpan<char>>();
            for (var at = 0; at <= text.Length - MinimumLength; at++)
            {
                var next = text.AsSpan(at).IndexOfAny(_literals);
                if (next < 0)
                    break;
                at += next;
                var longest = lookup[text.AsSpan(at, MinimumLength)].First(form => string.CompareOrdinal(text, at, form, 0, form.Length) == 0);
                found.Add((at, at + longest.Length));
            }
            foreach (var pattern in _anchors is null || text.AsSpan().IndexOfAny(_anchors) >= 0 ? _patterns : [])
                found.AddRange(pattern.In(text));
            // Whoever shortened the text said so.
            for (var cut = text.IndexOf(Ellipsis); cut >= 0; cut = text.IndexOf(Ellipsis, cut + 1))
            {
                if (BeginsBefore(text, cut) is { } half)
                    found.Add((half, cut));
            }
            return found;
        }

        /// <summary>Where the beginning of a secret stands that is cut off at a place, or null.</summary>
        public int? BeginsBefore(string text, int end)
        {
            const int Longest = 4096;
            var lookup = _byBeginning.GetAlternateLookup<ReadOnlySpan<char>>();
            for (var at = Math.Max(0, end - Longest); at <= end - MinimumLength; at++)
            {
                if (lookup.TryGetValue(text.AsSpan(at, MinimumLength), out var forms) && forms.Any(form => form.AsSpan().StartsWith(text.AsSpan(at, end - at), StringComparison.Ordinal)))
                    return at;
            }
            return null;
        }
    }
}
