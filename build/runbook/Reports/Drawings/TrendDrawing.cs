using Runback.Runbook.Reports.Html;

namespace Runback.Runbook.Reports.Drawings;

/// <summary>A measure of drills one after the other, oldest first, with the line that it must stay under where an objective is given.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Points">The drills.</param>
/// <param name="Objective">The most that is allowed, in seconds; null where nothing is.</param>
public sealed record TrendDrawing(string Name, IReadOnlyList<TrendPoint> Points, double? Objective)
{
    private const int Top = 22;
    private const int Plot = 130;
    private const int Height = Top + Plot + 24;

    /// <summary>Draws it.</summary>
    public Figure Draw()
    {
        var most = Math.Max(0.001, Math.Max(Points.Max(point => point.Seconds), Objective ?? 0) * 1.1);
        var svg = new HtmlBuilder();
        foreach (var part in (double[])[0, 0.5, 1])
        {
            Line(svg, "grid", 0, Y(most * part, most), 100, Y(most * part, most));
            svg.Element("text", part == 0 ? "0" : Words.Duration(most * part), ("class", "tick"), ("x", "0"), ("y", HtmlBuilder.Number(Y(most * part, most) - 3))).Line();
        }
        if (Objective is { } objective)
        {
            Line(svg, "objective", 0, Y(objective, most), 100, Y(objective, most));
            svg.Element("text", $"at most {Words.Duration(objective)}", ("class", "tick"), ("x", "100%"), ("y", HtmlBuilder.Number(Y(objective, most) - 3)), ("text-anchor", "end")).Line();
        }
        for (var index = 1; index < Points.Count; index++)
            Line(svg, "trend", X(index - 1), Y(Points[index - 1].Seconds, most), X(index), Y(Points[index].Seconds, most));
        for (var index = 0; index < Points.Count; index++)
            DrawPoint(svg, Points[index], X(index), Y(Points[index].Seconds, most));
        svg.Element("text", Date(Points[0]), ("class", "tick"), ("x", "0"), ("y", HtmlBuilder.Number(Height - 6)));
        if (Points.Count > 1)
            svg.Element("text", Date(Points[^1]), ("class", "tick"), ("x", "100%"), ("y", HtmlBuilder.Number(Height - 6)), ("text-anchor", "end"));
        return new Figure($"{Name} of each drill, oldest first", Describe(), svg.ToMarkup(), Height);
    }

    private static void DrawPoint(HtmlBuilder svg, TrendPoint point, double x, double y)
    {
        // A failed drill has another shape too, not only another colour.
        if (point.IsDone)
            svg.Open("circle", ("class", "point"), ("cx", TimeScale.Percentage(x)), ("cy", HtmlBuilder.Number(y)), ("r", "4"));
        else
            svg.Open("text", ("class", "cross"), ("x", TimeScale.Percentage(x)), ("y", HtmlBuilder.Number(y + 6)), ("text-anchor", "middle")).Text("\u2717");
        svg.Element("title", $"{Words.Moment(point.At)}: {Words.Duration(point.Seconds)}{(point.IsDone ? "" : ", failed")}").Close().Line();
    }

    private string Describe()
    {
        var done = Points.Where(point => point.IsDone).Select(point => point.Seconds).ToList();
        var failed = Points.Count - done.Count;
        return $"{Words.Count(Points.Count, "drill")}{(failed == 0 ? "" : $", {failed} of them failed (\u2717)")}. "
            + (done.Count == 0 ? "" : $"{Name}: the last one that went well took {Words.Duration(done[^1])}; the shortest {Words.Duration(done.Min())}, the longest {Words.Duration(done.Max())}. ")
            + (Objective is { } objective ? $"At most {Words.Duration(objective)} is wanted; {Words.Count(Points.Count(point => point.Seconds > objective), "drill")} took longer." : "No objective is given.");
    }

    private static void Line(HtmlBuilder svg, string kind, double x1, double y1, double x2, double y2) =>
        svg.Open("line", ("class", kind), ("x1", TimeScale.Percentage(x1)), ("y1", HtmlBuilder.Number(y1)), ("x2", TimeScale.Percentage(x2)), ("y2", HtmlBuilder.Number(y2))).Close().Line();

    // Room for the numbers at the left end, and at the right one for half a point.
    private double X(int index) => Points.Count == 1 ? 50 : 14 + (index * 84.0 / (Points.Count - 1));

    private static double Y(double seconds, double most) => Top + Plot - (seconds / most * Plot);

    private static string Date(TrendPoint point) => point.At.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A drill in a trend.</summary>
/// <param name="At">When it began, UTC.</param>
/// <param name="Seconds">What was measured.</param>
/// <param name="IsDone">Whether it went well.</param>
public sealed record TrendPoint(DateTimeOffset At, double Seconds, bool IsDone);
