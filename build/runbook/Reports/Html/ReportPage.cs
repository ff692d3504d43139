namespace Runback.Runbook.Reports.Html;

/// <summary>A run's report as a page.</summary>
public static class ReportPage
{
    /// <summary>Writes the page.</summary>
    public static string Write(ReportModel model)
    {
        var headline = Conclusion.Of(model);
        var sections = model.Sections.Select(section => (section.Title, Id: Id(section.Title), section.Blocks)).ToList();
        var page = new HtmlBuilder();
        var blocks = new HtmlBlocks(page);
        page.Element("a", "Skip to the report", ("class", "skip"), ("href", "#report")).Line();
        page.Open("header", ("class", headline.Tone.ToString().ToLowerInvariant())).Line();
        page.Element("p", $"{model.Target} \u00b7 run {model.Run}", ("class", "run"));
        page.Element("h1", headline.Title).Line();
        blocks.Write(sections[0].Blocks);
        page.Close().Line();
        page.Open("nav", ("aria-label", "Sections")).Open("ul").Line();
        foreach (var (title, id, _) in sections.Skip(1))
            page.Open("li").Element("a", title, ("href", $"#{id}")).Close();
        page.Open("li").Element("a", "All runs", ("href", "../../index.html")).Close();
        page.Close().Close().Line();
        page.Open("main", ("id", "report"), ("tabindex", "-1")).Line();
        foreach (var (title, id, content) in sections.Skip(1))
        {
            page.Open("section", ("aria-labelledby", id)).Element("h2", title, ("id", id)).Line();
            blocks.Write(content);
            page.Close().Line();
        }
        page.Close().Line();
        page.Open("footer").Element("p", $"Written by Runback. Times are UTC. The whole record: journal.jsonl, transcript.log and result.json beside this file, {model.Run}.").Close();
        return HtmlPage.Write($"{model.Target}: {headline.Title} ({model.Run})", page.ToMarkup());
    }

    private static string Id(string title) => string.Concat(title.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}
