using Runback.Runbook.Runs;
using Spectre.Console;

namespace Runback.Runbook.Releases;

/// <summary>The list of releases as a table for people.</summary>
public static class ReleaseTable
{
    // Wide enough that no cell of a piped table is broken into lines: scripts of people cut these with awk.
    private const int PipeWidth = 240;

    /// <summary>Writes the table without colour, for a pipe or a file.</summary>
    public static void Write(ReleaseListing listing, TextWriter writer)
    {
        var console = PlainConsole.On(writer, PipeWidth);
        Write(listing, console);
    }

    /// <summary>Writes the table to a console, in its colours.</summary>
    public static void Write(ReleaseListing listing, IAnsiConsole console)
    {
        if (listing.Rows.Count == 0)
        {
            console.WriteLine($"{listing.Image.Name} has no releases.");
        }
        else
        {
            var table = new Table().Border(TableBorder.Simple);
            foreach (var heading in new[] { "tag", "date (UTC)", "age", "digest", "heads", "marks" })
                table.AddColumn(new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold))).NoWrap());
            foreach (var row in listing.Rows)
            {
                table.AddRow(
                    new Text(row.Tag, StyleOf(row)),
                    new Text(row.PublishedAt is { } at ? $"{at.UtcDateTime:yyyy-MM-dd HH:mm}" : "-"),
                    new Text(row.PublishedAt is { } moment ? Age(listing.At - moment) : "-"),
                    new Text(row.Digest?.Abbreviated ?? "-"),
                    new Text(row.Heads.Count > 0 ? TableText.Of(string.Join(", ", row.Heads)) : "-"),
                    new Text(Said(row), StyleOf(row)));
            }
            console.Write(table);
        }
        foreach (var note in listing.Notes)
            console.WriteLine("! " + Narration.Printable(note));
    }

    /// <summary>A duration in its largest whole unit: <c>40 s</c>, <c>5 min</c>, <c>7 h</c>, <c>3 d</c>, <c>2 y</c>.</summary>
    internal static string Age(TimeSpan age) => age switch
    {
        { Ticks: < 0 } => "in future",
        { TotalMinutes: < 1 } => $"{(int)age.TotalSeconds} s",
        { TotalHours: < 1 } => $"{(int)age.TotalMinutes} min",
        { TotalDays: < 1 } => $"{(int)age.TotalHours} h",
        { TotalDays: < 730 } => $"{(int)age.TotalDays} d",
        _ => $"{(int)(age.TotalDays / 365.25)} y",
    };

    private static string Said(ReleaseRow row)
    {
        var marks = row.Marks.Select(mark => mark switch
        {
            ReleaseMark.Running => "running",
            ReleaseMark.Moved => "the tag stands for another image now",
            ReleaseMark.Previous => "previous",
            ReleaseMark.LastVerifiedGood => "last verified good",
            ReleaseMark.VerifiedGood => "verified good",
            ReleaseMark.RolledBackFrom => "rolled back from" + (row.RolledBackWhy is { } why ? $" ({Narration.Printable(why).ReplaceLineEndings(" ")})" : ""),
            ReleaseMark.NotInRegistry => "not in the registry",
            _ => mark.ToString(),
        });
        return string.Join(", ", marks.Concat(row.Problem is { } problem ? [Narration.Printable(problem)] : []));
    }

    private static Style StyleOf(ReleaseRow row) =>
        row.Marks.Contains(ReleaseMark.RolledBackFrom) || row.Marks.Contains(ReleaseMark.NotInRegistry) || row.Marks.Contains(ReleaseMark.Moved) ? new Style(Color.Red)
        : row.Marks.Contains(ReleaseMark.Running) ? new Style(Color.Aqua)
        : row.Marks.Contains(ReleaseMark.LastVerifiedGood) || row.Marks.Contains(ReleaseMark.Previous) ? new Style(Color.Green)
        : Style.Plain;
}
