using System.Diagnostics;
using Runback.Runbook.Processes;
using Runback.Runbook.Releases;
using Runback.Runbook.Reports.Html;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Reports;

/// <summary>Finds a run's report, draws it anew where that is needed, and shows it.</summary>
public static class ReportReader
{
    // A program that shows a page either ends at once or stays open; one that still runs after this has opened it.
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(3);

    /// <summary>The path of a run's <c>report.html</c>. It is written anew when it is missing, or was written by another version or before the run ended.</summary>
    /// <param name="statePath">The deployment's state folder.</param>
    /// <param name="run">The run's id, or as much of its beginning as is needed to tell it; null for the latest run.</param>
    /// <exception cref="RunbookException">There is no such run, or the report can't be written.</exception>
    public static string Find(string statePath, string? run)
    {
        var folder = Folder(statePath, run);
        var page = Path.Combine(folder, RunReports.PageName);
        try
        {
            return HtmlPage.IsCurrent(page) && !IsOlder(page, folder) ? page : RunReports.Write(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunbookException(
                $"expected to be able to write {page}, found: {exception.Message}", "make the run's folder writable, or run as its owner", inner: exception);
        }
    }

    /// <summary>Shows a page with the system's own program for it.</summary>
    /// <returns>Whether it was shown; where there is no screen or no such program, a person opens the path.</returns>
    public static async Task<bool> OpenAsync(string page, CancellationToken cancellation)
    {
        if (Opener(page) is not { } command)
            return false;
        try
        {
            var opening = await Shell.StartAsync(command, cancellation);
            for (var watch = Stopwatch.StartNew(); opening.ExitCode is null && watch.Elapsed < OpenLimit;)
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
            // One that still runs is the browser itself: disposing would end it.
            return opening.ExitCode is null or 0;
        }
        catch (RunbookException)
        {
            return false;
        }
    }

    private static Command? Opener(string page)
    {
        if (OperatingSystem.IsWindows())
        {
            // What `start` would open too, without cmd's reading of & and % in the path.
            return new Command("rundll32.exe", "url.dll,FileProtocolHandler", page);
        }
        if (OperatingSystem.IsMacOS())
            return new Command("open", page);
        // Without a screen xdg-open would start a browser in the terminal, or wait for one for ever.
        return string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY")) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY"))
            ? null : new Command("xdg-open", page);
    }

    private static string Folder(string statePath, string? run)
    {
        var runs = RunIndex.Folders(statePath).ToList();
        if (runs.Count == 0)
            throw RunbookException.Usage($"expected runs in {Path.Combine(statePath, "runs")}, found none", "a run of any changing target makes one; dry runs leave nothing");
        if (run is null)
            return runs[0];
        var names = runs.Select(folder => Path.GetFileName(folder)).ToList();
        var matching = names.Where(name => name == run).DefaultIfEmpty().First() is { } same ? [same]
            : run.Length > 0 ? names.Where(name => name.StartsWith(run, StringComparison.Ordinal)).ToList() : [];
        return matching switch
        {
            [var only] => Path.Combine(statePath, "runs", only),
            [] => throw RunbookException.Usage($"expected the id of a run, found {Untrusted.Quote(run)}",
                $"did you mean {NearestTags.To(run, names).DefaultIfEmpty(names[0]).First()}? The latest run is {names[0]}; all are in {Path.Combine(statePath, "index.html")}"),
            _ => throw RunbookException.Usage($"expected the id of one run, found {Untrusted.Quote(run)}, with which {matching.Count} begin", $"the latest of them is {matching[0]}"),
        };
    }

    // A run that was still going on when its report was drawn has written its result since.
    private static bool IsOlder(string page, string folder)
    {
        var result = Path.Combine(folder, "result.json");
        return File.Exists(result) ? File.GetLastWriteTimeUtc(result) > File.GetLastWriteTimeUtc(page)
            : File.Exists(Path.Combine(folder, "journal.jsonl")) && File.GetLastWriteTimeUtc(Path.Combine(folder, "journal.jsonl")) > File.GetLastWriteTimeUtc(page);
    }
}
