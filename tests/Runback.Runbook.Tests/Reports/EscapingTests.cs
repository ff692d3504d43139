using System.Net;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Reports;
using Runback.Runbook.Reports.Html;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Reports;

public sealed partial class EscapingTests
{
    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x", "</style></svg></title><iframe>", "javascript:alert(1)", "&lt;b&gt;", "-->", "]]>",
        "\u202egnp.exe", "\u2066\u2069", "\u001b[31m", "\0", "\ud800", "a`b`c`", "| x |", "x\ny\tz", "```", new string('<', 5_000),
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(Gen.Elements(Hostile), Gen.Elements("<>&\"'`=/ \u202e\u0007aZ\n".ToCharArray()).ArrayOf().Select(characters => new string(characters)));

    [Fact]
    public void Text_is_shown_as_it_is_and_is_never_markup() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        var markup = new HtmlBuilder().Element("p", text, ("title", text)).ToMarkup().ToString();
        var parts = Element().Match(markup);
        Assert.True(parts.Success, markup);
        var shown = text.Length <= HtmlBuilder.LongestText ? Narration.Printable(text)
            : Narration.Printable(text[..HtmlBuilder.LongestText]) + $" \u2026 ({text.Length - HtmlBuilder.LongestText} more characters)";
        Assert.Equal(shown, WebUtility.HtmlDecode(parts.Groups[1].Value));
        Assert.Equal(shown, WebUtility.HtmlDecode(parts.Groups[2].Value));
    }).Check(Seeded.Config);

    [Fact]
    public void A_report_full_of_hostile_texts_has_the_same_elements_as_one_of_harmless_texts()
    {
        var harmless = Shape(Page("x"));
        Prop.ForAll(Texts.Where(text => !text.Contains('`', StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(text)).ToArbitrary(), text =>
        {
            var page = Page(text);
            Assert.Equal(harmless, Shape(page));
            Assert.DoesNotContain(page, c => c is '\u202e' or '\u2066' or '\0' or '\u001b');
        }).Check(Seeded.Config);
    }

    [Fact]
    public void A_ticket_never_holds_an_element_and_no_text_ends_its_row()
    {
        var lines = TicketReport.Write(Model("x")).Count(c => c == '\n');
        Prop.ForAll(Texts.Where(text => !text.Contains('`', StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(text)).ToArbitrary(), text =>
        {
            var ticket = TicketReport.Write(Model(text));
            Assert.Equal(lines, ticket.Count(c => c == '\n'));
            Assert.DoesNotContain("<", Code().Replace(ticket, ""), StringComparison.Ordinal);
        }).Check(Seeded.Config);
    }

    [Fact]
    public void Only_addresses_of_the_web_become_links()
    {
        Assert.Contains("href=\"https://example.com/1?a=&quot;\"", Page("x", incident: "https://example.com/1?a=\"").Replace("%22", "&quot;", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"javascript", Page("x", incident: "javascript:alert(1)"), StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"file", Page("x", incident: "file:///etc/passwd"), StringComparison.Ordinal);
    }

    private static string Page(string text, string? incident = null) => ReportPage.Write(Model(text, incident));

    // Every place of a report that holds what somebody else wrote.
    private static ReportModel Model(string text, string? incident = null)
    {
        var result = new RunResult
        {
            Run = "r1",
            Target = "Rollback",
            Outcome = Runbook.Runs.Outcome.Failed,
            Summary = text,
            Hint = text,
            Incident = incident ?? text,
            Reason = text,
            Strategy = "Downgrade",
            From = new ReleaseRecord("2" + text, new Dictionary<string, string> { ["api"] = text }),
            To = new ReleaseRecord("1" + text, new Dictionary<string, string> { ["api"] = text }),
            Database = new DatabaseRecord(["1" + text], ["2" + text]),
            RestorePoint = new RestorePointRecord("/srv/" + text.Replace('/', '_'), text, null) { Revisions = [text], PlacedBy = text },
            Backup = new BackupRecord("/srv/" + text.Replace('/', '_'), text, 5, text),
            Outage = new OutageRecord(1.25, 40, 3),
            StartedAt = DateTimeOffset.UnixEpoch,
            EndedAt = DateTimeOffset.UnixEpoch.AddSeconds(30),
        };
        result.Steps.Add(new StepRecord("1" + text, "Failed", 1.5, text));
        result.Checks.Add(new CheckRecord(text, false, text, text, text));
        result.Kept.Add(text);
        var json = JsonFacts.Parse(result.ToJson())!;
        foreach (var (name, value) in Later(text))
            json[name] = JsonFacts.Parse(value)!["value"]!.DeepClone();
        string[] journal =
        [
            Line("begin", ("user", text), ("host", text)), Line("step", ("name", text)), Line("gate", ("gate", text), ("found", text), ("hint", text)),
            Line("judgement", ("before", text), ("after", text), ("judgement", text)), Line("ran", ("command", text)),
            """{"at":"1970-01-01T00:00:05Z","event":"change","number":1,"command":"x"}""",
            $$"""{"at":"1970-01-01T00:00:09Z","event":"failed","number":1,"seconds":4,"why":{{Json(text)}}}""",
        ];
        return new ReportModel { Run = "r1", Result = json, Journal = Runback.Runbook.Reports.Journals.JournalReading.Parse(new StringReader(string.Join('\n', journal))), Remarks = [text] };
    }

    private static IEnumerable<(string, string)> Later(string text) =>
    [
        ("assessment", $$$$"""{"value":{"verdict":"Breaking","revisions":[{"revision":{{{{Json(text)}}}},"verdict":"Breaking","downgrade":"Lossy","reasons":[{"rule":{{{{Json(text)}}}},"object":{{{{Json(text)}}}},"detail":{{{{Json(text)}}}},"line":3}]}]}}"""),
        ("rehearsal", $$$$"""{"value":{"keptSchema":{"passed":false,"seconds":1,"checks":[{"name":{{{{Json(text)}}}},"passed":false,"found":{{{{Json(text)}}}}}],"log":[{{{{Json(text)}}}}]},"losses":[{"subject":{{{{Json(text)}}}},"kind":"Column","rows":4}],"ruleFaults":[{{{{Json(text)}}}}]}}"""),
        ("choices", $$$$"""{"value":[{"strategy":{{{{Json(text)}}}},"isOpen":false,"whyNot":{{{{Json(text)}}}},"meaning":{{{{Json(text)}}}},"command":{{{{Json(text)}}}},"loss":{{{{Json(text)}}}}}]}"""),
        ("checklist", $$$$"""{"value":[{"line":{{{{Json(text)}}}},"answer":{{{{Json(text)}}}}}]}"""),
        ("unheardOf", $$$$"""{"value":{"a":{{{{Json(text)}}}},"b":[{{{{Json(text)}}}}],"c":{"d":{{{{Json(text)}}}}}}}"""),
    ];

    private static string Line(string name, params IEnumerable<(string Key, string Value)> facts) =>
        $$"""{"at":"1970-01-01T00:00:02Z","event":"{{name}}",{{string.Join(',', facts.Select(fact => $"\"{fact.Key}\":{Json(fact.Value)}"))}}}""";

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    // The page's elements in their order, and the names of their attributes.
    private static List<string> Shape(string page) =>
        [.. Tag().Matches(Css().Replace(page, "")).Select(tag => tag.Groups[1].Value + string.Concat(Attribute().Matches(tag.Value).Select(attribute => " " + attribute.Groups[1].Value)))];

    [GeneratedRegex("\\A<p title=\"([^\"<>]*)\">([^<>]*)</p>\\z")]
    private static partial Regex Element();

    [GeneratedRegex("<(/?[^\\s>]+)[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("\\s([a-z-]+)=\"[^\"]*\"")]
    private static partial Regex Attribute();

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Css();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();
}
