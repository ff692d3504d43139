using Runback.Runbook.Reports.Html;
using Runback.Runbook.Reports.Journals;

namespace Runback.Runbook.Reports.Drawings;

/// <summary>A drill's traffic as columns: for each slice of time how many requests were served, answered with an error, or not served.</summary>
public static class TrafficDrawing
{
    /// <summary>How high the columns are at most, in pixels.</summary>
    public const int Height = 54;

    private const int Slices = 80;

    /// <summary>Draws the columns.</summary>
    /// <param name="svg">Where they are drawn.</param>
    /// <param name="scale">Where moments are.</param>
    /// <param name="traffic">The requests.</param>
    /// <param name="y">The upper end, in pixels.</param>
    public static void Draw(HtmlBuilder svg, TimeScale scale, IReadOnlyList<TrafficPoint> traffic, int y)
    {
        var slices = new (int Served, int Errors, int Unserved)[Slices];
        foreach (var point in traffic.Where(point => scale.Shows(point.At, point.At)))
        {
            ref var slice = ref slices[Math.Min(Slices - 1, (int)(scale.Percent(point.At) / 100 * Slices))];
            if (point.IsUnserved)
                slice.Unserved++;
            else if (point.IsError)
                slice.Errors++;
            else
                slice.Served++;
        }
        var most = Math.Max(1, slices.Max(slice => slice.Served + slice.Errors + slice.Unserved));
        Key(svg, y);
        for (var index = 0; index < Slices; index++)
        {
            var bottom = (double)(y + 18 + Height);
            foreach (var (count, kind) in ((int, string)[])[(slices[index].Served, "served"), (slices[index].Errors, "error"), (slices[index].Unserved, "unserved")])
            {
                if (count == 0)
                    continue;
                var height = (double)count / most * Height;
                bottom -= height;
                svg.Open("rect", ("class", kind), ("x", TimeScale.Percentage(index * 100.0 / Slices)), ("width", TimeScale.Percentage(80.0 / Slices)),
                    ("y", HtmlBuilder.Number(bottom)), ("height", HtmlBuilder.Number(height))).Close();
            }
        }
        svg.Line();
    }

    private static void Key(HtmlBuilder svg, int y)
    {
        var x = 0;
        foreach (var (kind, text, width) in ((string, string, int)[])[("", "requests", 66), ("served", "served", 62), ("error", "error", 52), ("unserved", "not served", 0)])
        {
            if (kind.Length > 0)
                svg.Open("rect", ("class", kind), ("x", HtmlBuilder.Number(x)), ("y", HtmlBuilder.Number(y + 3)), ("width", "10"), ("height", "10")).Close();
            svg.Element("text", text, ("class", "label"), ("x", HtmlBuilder.Number(x + (kind.Length > 0 ? 14 : 0))), ("y", HtmlBuilder.Number(y + 12)));
            x += width;
        }
        svg.Line();
    }
}
