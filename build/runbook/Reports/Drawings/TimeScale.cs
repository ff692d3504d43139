using Runback.Runbook.Reports.Html;

namespace Runback.Runbook.Reports.Drawings;

/// <summary>Where moments are on a drawing that is as wide as the page: percentages, so that it fits a phone and a desk alike and texts keep their size.</summary>
/// <param name="From">The drawing's left end, UTC.</param>
/// <param name="To">Its right end, UTC; later than the left one.</param>
public sealed record TimeScale(DateTimeOffset From, DateTimeOffset To)
{
    private const int MostTicks = 6;
    private static readonly double[] Steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];

    /// <summary>How long it is, in seconds.</summary>
    public double Seconds => (To - From).TotalSeconds;

    /// <summary>Where a moment is, in percent of the width; what lies outside is at the nearer end.</summary>
    public double Percent(DateTimeOffset at) => Math.Clamp((at - From).TotalSeconds / Seconds * 100, 0, 100);

    /// <summary>Whether something that lasted from one moment to another can be seen.</summary>
    public bool Shows(DateTimeOffset from, DateTimeOffset to) => to >= From && from <= To;

    /// <summary>The moments that get a line, in seconds from the left end.</summary>
    public IReadOnlyList<double> Ticks()
    {
        var step = Steps.FirstOrDefault(each => Seconds / each <= MostTicks, Math.Ceiling(Seconds / MostTicks / 86_400) * 86_400);
        return [.. Enumerable.Range(0, (int)(Seconds / step) + 1).Select(index => index * step)];
    }

    /// <summary>Draws the lines, with how long after the left end each is.</summary>
    public void Draw(HtmlBuilder svg, int height)
    {
        foreach (var tick in Ticks())
        {
            var x = tick / Seconds * 100;
            svg.Open("line", ("class", "grid"), ("x1", Percentage(x)), ("x2", Percentage(x)), ("y1", "18"), ("y2", HtmlBuilder.Number(height))).Close();
            svg.Element("text", tick == 0 ? "0" : tick < 60 ? $"{tick:0.#} s" : Words.Duration(tick),
                ("class", "tick"), ("x", Percentage(x)), ("y", "12"), ("text-anchor", x < 5 ? "start" : x > 92 ? "end" : "middle")).Line();
        }
    }

    /// <summary>A percentage as an attribute's value.</summary>
    public static string Percentage(double percent) => HtmlBuilder.Number(percent) + "%";
}
