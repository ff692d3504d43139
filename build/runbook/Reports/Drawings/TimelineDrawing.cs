using System.Text;
using Runback.Runbook.Reports.Html;
using Runback.Runbook.Reports.Journals;

namespace Runback.Runbook.Reports.Drawings;

/// <summary>A run drawn to scale: steps as bars, changes and commands as marks, and what clients noticed beneath them.</summary>
public sealed record TimelineDrawing
{
    private const int Axis = 24;
    private const int Row = 34;
    private const int Bar = 12;
    private const int MostLabelled = 400;

    /// <summary>The steps.</summary>
    public required IReadOnlyList<StepSpan> Steps { get; init; }

    /// <summary>The commands.</summary>
    public required IReadOnlyList<LoggedCommand> Commands { get; init; }

    /// <summary>The traffic; empty where there was none.</summary>
    public IReadOnlyList<TrafficPoint> Traffic { get; init; } = [];

    /// <summary>When clients weren't served, both ends UTC; null when they always were, or when nobody knows.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Outage { get; init; }

    /// <summary>What a run's journal and traffic give to draw.</summary>
    public static TimelineDrawing Of(ReportModel model) => new()
    {
        Steps = model.Steps,
        Commands = model.Commands,
        Traffic = model.Traffic,
        Outage = OutageOf(model),
    };

    /// <summary>Draws what happened between two moments.</summary>
    public Figure Draw(string title, DateTimeOffset from, DateTimeOffset to)
    {
        var scale = new TimeScale(from, to);
        var steps = Steps.Where(step => scale.Shows(step.From, step.To ?? to)).ToList();
        var rows = steps.Count + 1 + (Traffic.Count > 0 ? 1 : 0);
        var height = Axis + (rows * Row) + (Traffic.Count > 0 ? TrafficDrawing.Height - Row + 20 : 0);
        var svg = new HtmlBuilder();
        scale.Draw(svg, height);
        DrawOutage(svg, scale, height);
        for (var index = 0; index < steps.Count; index++)
            DrawStep(svg, scale, steps[index], Axis + (index * Row));
        DrawCommands(svg, scale, Axis + (steps.Count * Row));
        if (Traffic.Count > 0)
            TrafficDrawing.Draw(svg, scale, Traffic, Axis + ((steps.Count + 1) * Row));
        var shaded = Outage is { } outage && scale.Shows(outage.From, outage.To) ? $"; shaded: clients weren't served, {Words.Duration((outage.To - outage.From).TotalSeconds)}" : "";
        return new Figure($"{title}: {Words.Duration(scale.Seconds)} from {Words.Moment(from)}{shaded}", Describe(scale, steps), svg.ToMarkup(), height);
    }

    private static void DrawStep(HtmlBuilder svg, TimeScale scale, StepSpan step, int y)
    {
        var (left, right) = (scale.Percent(step.From), scale.Percent(step.To ?? scale.To));
        var label = $"{step.Name}  {(step.Seconds is { } seconds ? Words.Duration(seconds) : "no end")}{(step.IsDone ? "" : $"  {step.Outcome ?? "unfinished"}")}";
        svg.Element("text", label, ("class", step.IsDone ? "label" : "label bad"), ("x", "0"), ("y", HtmlBuilder.Number(y + 12)));
        svg.Open("rect", ("class", step.IsDone ? "step" : "step bad"), ("x", TimeScale.Percentage(left)), ("width", TimeScale.Percentage(right - left)),
            ("y", HtmlBuilder.Number(y + 17)), ("height", HtmlBuilder.Number(Bar))).Close().Line();
    }

    private void DrawCommands(HtmlBuilder svg, TimeScale scale, int y)
    {
        var shown = Commands.Where(command => command.At is { } at && scale.Shows(at, at)).ToList();
        svg.Element("text", $"commands  {shown.Count}, of them {Words.Count(shown.Count(command => command.IsChange), "change")} (tall)", ("class", "label"), ("x", "0"), ("y", HtmlBuilder.Number(y + 12)));
        foreach (var command in shown.OrderBy(command => command.IsChange))
        {
            var x = TimeScale.Percentage(scale.Percent(command.At!.Value));
            svg.Open("line", ("class", command.HasFailed ? "mark bad" : command.IsChange ? "mark change" : "mark"), ("x1", x), ("x2", x),
                ("y1", HtmlBuilder.Number(y + (command.IsChange ? 15 : 21))), ("y2", HtmlBuilder.Number(y + 31)));
            // A title is what a pointer that rests on the mark shows.
            if (shown.Count <= MostLabelled)
                svg.Element("title", $"{Words.Clock(command.At.Value)} {(command.Text.Length > 120 ? command.Text[..120] + "\u2026" : command.Text)}");
            svg.Close().Line();
        }
    }

    private void DrawOutage(HtmlBuilder svg, TimeScale scale, int height)
    {
        if (Outage is not { } outage || !scale.Shows(outage.From, outage.To))
            return;
        var (left, right) = (scale.Percent(outage.From), scale.Percent(outage.To));
        svg.Open("rect", ("class", "outage"), ("x", TimeScale.Percentage(left)), ("width", TimeScale.Percentage(right - left)),
            ("y", HtmlBuilder.Number(Axis - 6)), ("height", HtmlBuilder.Number(height - Axis + 6))).Close().Line();
    }

    private string Describe(TimeScale scale, IReadOnlyList<StepSpan> steps)
    {
        var text = new StringBuilder();
        foreach (var step in steps)
        {
            text.Append($"{step.Name} began after {After(step.From)} and {(step.Seconds is { } seconds ? $"took {Words.Duration(seconds)}" : "has no end")}")
                .Append(step.IsDone ? ". " : $" ({step.Outcome ?? "unfinished"}). ");
        }
        if (Outage is { } outage && scale.Shows(outage.From, outage.To))
            text.Append($"Clients weren't served from {After(outage.From)} to {After(outage.To)}. ");
        if (Traffic.Count > 0)
            text.Append($"Of {Words.Count(Traffic.Count, "request")}, {Traffic.Count(point => point.IsUnserved)} weren't served and {Traffic.Count(point => point.IsError)} were answered with an error.");
        return text.ToString().TrimEnd();

        string After(DateTimeOffset at) => Words.Duration(Math.Max(0, (at - scale.From).TotalSeconds));
    }

    private static (DateTimeOffset, DateTimeOffset)? OutageOf(ReportModel model)
    {
        if (model.Drill.Get("traffic") is { } traffic && traffic.Time("outageAt") is { } at)
            return Window(at, traffic.Number("outageSeconds"));
        var noted = model.Journal.Entries.LastOrDefault(entry => entry.Event == "outage")?.Facts ?? model.Result.Get("outage");
        return noted.Time("from") is { } from ? Window(from, noted.Number("seconds")) : null;
    }

    private static (DateTimeOffset, DateTimeOffset)? Window(DateTimeOffset from, double? seconds) =>
        seconds is > 0 and < 1e8 ? (from, from + TimeSpan.FromSeconds(seconds.Value)) : null;
}
