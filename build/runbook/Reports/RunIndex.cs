using Runback.Runbook.Reports.Html;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Reports;

/// <summary>The list of a deployment's runs and drills, <c>.runback/index.html</c>, newest first, with the drills' trend.</summary>
public static class RunIndex
{
    /// <summary>How many runs, and how many drills, are listed.</summary>
    public const int Most = 500;

    /// <summary>The folders of a deployment's runs, newest first: a run's id begins with its time.</summary>
    public static IEnumerable<string> Folders(string statePath)
    {
        var runs = Path.Combine(statePath, "runs");
        return Directory.Exists(runs) ? Directory.EnumerateDirectories(runs).OrderByDescending(folder => Path.GetFileName(folder), StringComparer.Ordinal) : [];
    }

    /// <summary>Writes the list, readable by its owner only.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="IOException">It can't be written.</exception>
    public static string Write(string statePath)
    {
        var path = Path.Combine(statePath, "index.html");
        PrivateFiles.Replace(path, Page(statePath));
        return path;
    }

    private static string Page(string statePath)
    {
        var name = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(statePath))) is { Length: > 0 } folder ? folder : "this deployment";
        var all = Folders(statePath).Take(Most + 1).ToList();
        var runs = all.Take(Most).Select(RunLine.Read).ToList();
        var drills = DrillLine.Read(Path.Combine(statePath, "drills.jsonl"), Most);
        var page = new HtmlBuilder();
        var blocks = new HtmlBlocks(page);
        page.Open("header").Line().Element("p", "Runback", ("class", "run")).Element("h1", $"Runs and drills of {name}").Line();
        blocks.Write([new FactList(Facts(runs, drills), IsKey: true)]);
        page.Close().Line().Open("main").Line();
        Section(page, blocks, "Drills", DrillLine.Blocks(drills));
        Section(page, blocks, "Runs", RunLine.Blocks(runs, isCut: all.Count > Most));
        page.Close().Line();
        page.Open("footer").Element("p", "Written by Runback at the end of each run. Times are UTC.").Close();
        return HtmlPage.Write($"Runs and drills of {name}", page.ToMarkup());
    }

    private static void Section(HtmlBuilder page, HtmlBlocks blocks, string title, IEnumerable<Block> content)
    {
        var id = title.ToLowerInvariant();
        page.Open("section", ("aria-labelledby", id)).Element("h2", title, ("id", id)).Line();
        blocks.Write(content);
        page.Close().Line();
    }

    private static IReadOnlyList<Fact> Facts(List<RunLine> runs, IReadOnlyList<DrillLine> drills) =>
    [
        new("Latest run", runs.Count == 0 ? "none" : runs[0].InBrief()),
        new("Drills", DrillLine.Recent(drills) ?? "none yet"),
    ];
}
