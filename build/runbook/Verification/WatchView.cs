using Runback.Runbook.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Runback.Runbook.Verification;

/// <summary>One look of a verification that goes on.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Release">The release's tag.</param>
/// <param name="Checks">What the checks found.</param>
/// <param name="Good">How long everything has been good without a break; null when it isn't.</param>
/// <param name="GoodAfter">How long it must be, or null.</param>
public sealed record WatchState(DateTimeOffset At, string Release, IReadOnlyList<CheckRecord> Checks, TimeSpan? Good, TimeSpan? GoodAfter)
{
    /// <summary>How it stands, in a few words.</summary>
    public string Standing => Good is { } time
        ? $"good for {Duration.Text(time)}{(GoodAfter is { } needed ? $" of {Duration.Text(needed)}" : "")}"
        : $"NOT good: {string.Join(", ", Checks.Where(check => !check.Passed).Select(check => check.Name))}";
}

/// <summary>Shows such a look.</summary>
public static class WatchView
{
    /// <summary>As lines: how it stands, and what failed or is to be known.</summary>
    public static IEnumerable<string> Lines(WatchState state)
    {
        yield return $"{state.At:HH:mm:ss} UTC  {state.Release}  {state.Standing}";
        foreach (var check in state.Checks)
        {
            if (!check.Passed)
                yield return $"  FAILED  {check.Name}: expected {check.Expected}, found {check.Found}";
            foreach (var warning in check.Warnings)
                yield return $"  !       {check.Name}: {warning}";
        }
    }

    /// <summary>As a table that fits a terminal: where it is too small for all of it, what is good is told in one row, and long texts are cut.</summary>
    /// <param name="state">The look.</param>
    /// <param name="mask">Masks secrets.</param>
    /// <param name="width">The terminal's columns.</param>
    /// <param name="height">The terminal's lines.</param>
    public static IRenderable Fitting(WatchState state, Func<string, string> mask, int width, int height)
    {
        var whole = Table(state, mask);
        if (Lines(whole, width) < height)
            return whole;
        var wrong = state.Checks.Where(check => !check.Passed || check.Warnings.Count > 0).ToList();
        var cut = Math.Max(20, (width - 35) * 2);
        string Cut(string text) => text.Length > cut ? text[..cut] + "\u2026" : text;
        var good = state.Checks.Except(wrong).Select(check => check.Name).ToList();
        return Table(state with
        {
            Checks =
            [
                .. wrong.Select(check => check with { Expected = Cut(check.Expected), Found = Cut(check.Found), Warnings = [.. check.Warnings.Take(1).Select(Cut)] }),
                .. good.Count == 0 ? [] : (CheckRecord[])[new CheckRecord($"{good.Count} others", true, "", Cut(string.Join(", ", good)), null)],
            ],
        }, mask, state.Standing);
    }

    private static int Lines(IRenderable table, int width)
    {
        using var text = new StringWriter();
        PlainConsole.On(text, width).Write(table);
        return text.ToString().TrimEnd().Count(c => c == '\n') + 1;
    }

    /// <summary>As a table for a terminal.</summary>
    /// <param name="state">The look.</param>
    /// <param name="mask">Masks secrets.</param>
    /// <param name="standing">How it stands, where the table doesn't show all checks.</param>
    public static IRenderable Table(WatchState state, Func<string, string> mask, string? standing = null)
    {
        var table = new Table().Border(TableBorder.Rounded).Title(Text($"{state.Release}, {state.At:HH:mm:ss} UTC")).Caption(Text($"{standing ?? state.Standing}; Ctrl-C ends it"));
        table.AddColumns("check", "", "found");
        foreach (var check in state.Checks)
        {
            table.AddRow(Text(check.Name), check.Passed ? "[green]ok[/]" : "[red]FAILED[/]", Text(check.Passed ? check.Found : $"expected {check.Expected}, found {check.Found}"));
            foreach (var warning in check.Warnings)
                table.AddRow("", "[yellow]![/]", Text(warning));
        }
        return table;

        string Text(string text) => Markup.Escape(TableText.Of(mask(text)));
    }
}
