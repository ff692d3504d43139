using System.Globalization;

namespace Runback.Ci;

/// <summary>
/// A time that comes again, as five fields of cron (IEEE Std 1003.1, crontab): minute, hour, day of the month, month, day of the week; with
/// the lists, ranges, steps and names that GitHub, GitLab and the usual daemons all understand. In UTC.
/// </summary>
public sealed class Cron
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    private readonly IReadOnlyList<int>[] _fields;

    private Cron(string text, IReadOnlyList<int>[] fields)
    {
        Text = text;
        _fields = fields;
    }

    /// <summary>The five fields.</summary>
    public string Text { get; }

    /// <summary>Reads five fields.</summary>
    /// <exception cref="DeclarationException">A field isn't one, or names a time that there is not.</exception>
    public static Cron Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
            throw new DeclarationException($"expected cron text of five fields (minute hour day month weekday), found `{text}`");
        return new Cron(string.Join(' ', fields),
        [
            Field("minute", fields[0], 0, 59, []),
            Field("hour", fields[1], 0, 23, []),
            Field("day of the month", fields[2], 1, 31, []),
            Field("month", fields[3], 1, 12, Months),
            [.. Field("day of the week", fields[4], 0, 7, Days).Select(day => day % 7).Distinct().Order()],
        ]);
    }

    /// <summary>
    /// The same as <c>OnCalendar</c> of systemd (systemd.time(7)). Where both days are limited cron means either of them, and systemd both:
    /// that takes two lines.
    /// </summary>
    public IReadOnlyList<string> OnCalendar()
    {
        var (days, weekdays) = (_fields[2].Count < 31, _fields[4].Count < 7);
        var ofMonth = Line("", List(_fields[2], 31));
        var ofWeek = Line(string.Join(',', _fields[4].Select(day => char.ToUpperInvariant(Days[day][0]) + Days[day][1..])) + " ", "*");
        return days && weekdays ? [ofMonth, ofWeek] : weekdays ? [ofWeek] : [ofMonth];
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private string Line(string weekdays, string days) => $"{weekdays}*-{List(_fields[3], 12)}-{days} {List(_fields[1], 24)}:{List(_fields[0], 60)}:00 UTC";

    private static string List(IReadOnlyList<int> values, int all) =>
        values.Count == all ? "*" : string.Join(',', values.Select(value => value.ToString("00", CultureInfo.InvariantCulture)));

    private static List<int> Field(string name, string text, int from, int to, string[] names)
    {
        var values = new SortedSet<int>();
        foreach (var part in text.Split(','))
        {
            var (range, step) = part.Split('/') switch
            {
                [var whole] => (whole, 1),
                [var whole, var by] when Digits(by) is >= 1 and var number && whole.Contains('-') | whole == "*" => (whole, number),
                _ => throw Odd(),
            };
            var (first, last) = range == "*" ? (from, names == Days ? 6 : to) : range.Split('-') switch
            {
                [var one] => (Value(one), Value(one)),
                [var one, var other] => (Value(one), Value(other)),
                _ => throw Odd(),
            };
            if (first > last)
                throw Odd();
            for (var value = first; value <= last; value += step)
                values.Add(value);
        }
        return [.. values];

        int Value(string word)
        {
            var named = Array.IndexOf(names, word.ToLowerInvariant());
            var value = named >= 0 ? named + (names == Months ? 1 : 0) : Digits(word);
            return value >= from && value <= to ? value : throw Odd();
        }

        DeclarationException Odd() => new($"expected cron text whose {name} is from {from} to {to} (lists, ranges, steps), found `{text}`");
    }

    private static int Digits(string text) =>
        text.Length is > 0 and <= 2 && text.All(char.IsAsciiDigit) ? int.Parse(text, CultureInfo.InvariantCulture) : -1;
}
