using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Incidents;
using Runback.Runbook.Incidents.Channels;

namespace Runback.Runbook.Tests.Incidents;

public sealed partial class MessageTests
{
    private const string Run = "20260102T030405Z-abcd";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Hostile =
    [
        "<!channel>", "<!here|here>", "<!everyone>", "<@U123>", "@channel", "@everyone", "@here", "@octocat", "<https://evil.example|ok>", "[ok](https://evil.example)", "https://evil.example",
        "www.evil.example", "`", "``", "```", "\\", "*", "_", "~", "|", "||", "#1", "owner/repo#1", "<!-- runback:other -->", "-->", "<at>x</at>", "{{DATE(2020-01-01T00:00:00Z)}}",
        "\n", "\r\n", "\u2028", "\u202e", "\u001b[31m", "\u0000", "\ud83d", "\udc4d", "\ud83d\udc4d", "&", "&lt;", "<", ">", "{\"a\":1}", "\"", "'", "x", " ", "\u00e9", "\u4e2d", "$(reboot)",
    ];

    private static readonly Gen<string> Texts =
        from pieces in Gen.Elements(Hostile).ArrayOf()
        from times in Gen.Elements(1, 1, 1, 10, 100)
        let text = string.Concat(Enumerable.Repeat(string.Concat(pieces), times))
        select text[..Math.Min(text.Length, 5000)];

    private static readonly Arbitrary<Announcement> Announcements = (
        from texts in Texts.ArrayOf(12)
        from moment in Gen.Elements(Enum.GetValues<Moment>())
        from link in Gen.Elements(true, false)
        select new Announcement
        {
            Moment = moment,
            Run = Run,
            Deployment = texts[0],
            Target = texts[1],
            From = texts[2],
            To = texts[3],
            Strategy = texts[4],
            Incident = texts[5],
            Reason = texts[6],
            Operator = texts[7],
            DataLost = texts[8],
            Summary = texts[9],
            Hint = texts[10],
            Report = link ? "https://ci.example.com/" + texts[11] : texts[11],
        }).ToArbitrary();

    [Fact]
    public void A_message_is_lines_that_steer_no_terminal() => For((_, message) =>
    {
        Assert.All(message.Text.Split('\n'), line => Assert.DoesNotContain(line, c => char.IsControl(c) || c is '\u2028' or '\u202e'));
        Assert.Equal(message.Text, string.Concat(message.Text.EnumerateRunes()));
        Assert.NotEmpty(message.Headline);
    });

    [Fact]
    public void Slack_gets_no_control_sequence_and_stays_within_its_limits() => For((_, message) =>
    {
        var body = SlackMessage.Of(message);
        Assert.All(Strings(body, except: "url"), text => Assert.Matches(SlackSafe(), text));
        Assert.All(message.Facts.Where(fact => fact.Link is not null), fact => Assert.Matches(PlainAddress(), fact.Link!.AbsoluteUri));
        Assert.DoesNotContain("@channel", body["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("://", body["text"]!.GetValue<string>(), StringComparison.Ordinal);
        var blocks = body["blocks"]!.AsArray();
        Assert.InRange(blocks[0]!["text"]!["text"]!.GetValue<string>().Length, 1, 150);
        Assert.All(blocks.Where(block => block!["type"]!.GetValue<string>() == "section"), block => Assert.InRange(block!["text"]!["text"]!.GetValue<string>().Length, 1, 3000));
        Assert.InRange(blocks.ToJsonString(Relaxed).Length, 1, 13_000);
        // Nothing but plain text and rich text elements: no markup is read in either.
        Assert.DoesNotContain("mrkdwn", blocks.ToJsonString(), StringComparison.Ordinal);
    });

    [Fact]
    public void Teams_gets_text_runs_only_and_stays_below_28_kilobytes() => For((announcement, message) =>
    {
        var body = TeamsCard.Of(message, announcement.Moment);
        Assert.InRange(Encoding.UTF8.GetByteCount(body.ToJsonString(Relaxed)), 1, 28 * 1024);
        var card = body["attachments"]![0]!["content"]!;
        Assert.All(card["body"]!.AsArray(), block => Assert.Equal("RichTextBlock", block!["type"]!.GetValue<string>()));
        Assert.DoesNotContain("{{", card.ToJsonString(Relaxed), StringComparison.Ordinal);
        Assert.Null(card["msteams"]!["entities"]);
    });

    [Fact]
    public void Discord_pings_nobody_and_stays_within_its_limits() => For((announcement, message) =>
    {
        var body = DiscordMessage.Of(message, announcement.Moment, DateTimeOffset.UtcNow);
        Assert.Equal("{\"parse\":[]}", body["allowed_mentions"]!.ToJsonString());
        var embed = body["embeds"]![0]!;
        var (title, description) = (embed["title"]!.GetValue<string>(), embed["description"]?.GetValue<string>() ?? "");
        var fields = embed["fields"]!.AsArray().Select(field => (Name: field!["name"]!.GetValue<string>(), Value: field["value"]!.GetValue<string>())).ToList();
        Assert.InRange(title.Length, 1, 256);
        Assert.InRange(description.Length, 0, 4096);
        Assert.InRange(fields.Count, 0, 25);
        Assert.All(fields, field => Assert.InRange(field.Value.Length, 1, 1024));
        Assert.InRange(title.Length + description.Length + fields.Sum(field => field.Name.Length + field.Value.Length), 1, 6000);
        Assert.All(fields.Select(field => field.Value).Append(title).Append(description), text => Assert.Matches(DiscordSafe(), text));
    });

    [Fact]
    public void A_webhook_gets_every_name_in_every_document() => For((announcement, message) =>
    {
        var document = JsonNode.Parse(WebhookDocument.Of(announcement, message).ToJsonString())!.AsObject();
        Assert.Equal(
            ["version", "event", "moment", "at", "run", "target", "deployment", "from", "to", "strategy", "incident", "incidentUrl", "reason", "operator", "host", "durationSeconds", "outageSeconds",
                "dataLost", "headline", "summary", "hint", "report", "text"],
            document.Select(pair => pair.Key));
        Assert.Equal(announcement.Moment.ToString(), document["moment"]!.GetValue<string>());
    });

    [Fact]
    public void In_a_comment_everything_of_others_is_code_and_the_marker_is_ours() => For((_, message) =>
    {
        var body = CommentBody.Of(message, Run);
        Assert.InRange(body.Length, 1, 65_536);
        Assert.EndsWith($"\n<!-- runback:{Run} -->\n", body, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(body, "<!--"));
        foreach (var line in body.Split('\n').SkipLast(2))
            Assert.Matches(OwnWords(), OutsideCode(line));
    });

    [Fact]
    public void Links_are_made_of_recognized_addresses_only()
    {
        var incident = new Uri("https://github.com/team/api/issues/7");
        var message = AnnouncementMessage.Of(new Announcement { Moment = Moment.Success, Deployment = "d", Run = Run, Incident = "#7", Report = "https://ci.example.com/report" }, incident);
        Assert.Equal([("Incident", incident), ("Report", new Uri("https://ci.example.com/report"))], message.Facts.Where(fact => fact.Link is not null).Select(fact => (fact.Label, fact.Link!)));
        foreach (var report in new[] { "javascript:alert(1)", "http://ci.example.com/", "https://user:pw@ci.example.com/", "/srv/report.md", "file:///srv/report.md" })
            Assert.DoesNotContain(AnnouncementMessage.Of(new Announcement { Moment = Moment.Success, Deployment = "d", Run = Run, Report = report }).Facts, fact => fact.Link is not null);
    }

    [Theory]
    [InlineData(Moment.Start, "Rollback of shop has started: v2 to v1")]
    [InlineData(Moment.Success, "Rollback of shop is done: v1 runs (before: v2)")]
    [InlineData(Moment.Failure, "Rollback of shop FAILED: a person must look")]
    [InlineData(Moment.Return, "Rollback of shop failed, and v2 runs again as it was found")]
    [InlineData(Moment.Finish, "Rollback of shop stopped, nothing was changed")]
    public void The_first_line_says_how_it_stands(Moment moment, string headline) => Assert.Equal(
        headline, AnnouncementMessage.Of(new Announcement { Moment = moment, Deployment = "shop", Run = Run, From = "v2", To = "v1" }).Headline);

    [Fact]
    public void A_text_is_cut_between_characters_and_never_inside_an_escape()
    {
        Assert.Equal("ab\u2026", PlainText.Clip("abcd", 3));
        Assert.Equal("abc", PlainText.Clip("abc", 3));
        Assert.Equal("\u2026", PlainText.Clip("\ud83d\udc4d\ud83d\udc4d", 2));
        Assert.Equal("a\u2026", PlainText.Clip("a&b", 5, rune => rune.Value == '&' ? "&amp;" : rune.ToString()));
    }

    private static void For(Action<Announcement, AnnouncementMessage> check) =>
        Prop.ForAll(Announcements, announcement => check(announcement, AnnouncementMessage.Of(announcement))).Check(Seeded.Config);

    private static IEnumerable<string> Strings(JsonNode? node, string except) => node switch
    {
        JsonObject known => known.Where(pair => pair.Key != except).SelectMany(pair => Strings(pair.Value, except)),
        JsonArray items => items.SelectMany(item => Strings(item, except)),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    // What CommonMark reads as code goes (section 6.1): a run of backticks up to the next run of the same length.
    private static string OutsideCode(string line)
    {
        var outside = new StringBuilder();
        for (var i = 0; i < line.Length;)
        {
            if (line[i] != '`')
            {
                outside.Append(line[i++]);
                continue;
            }
            var length = line.AsSpan(i).IndexOfAnyExcept('`') is var run && run < 0 ? line.Length - i : run;
            var end = i + length;
            while (end < line.Length)
            {
                if (line[end] != '`')
                {
                    end++;
                    continue;
                }
                var closing = line.AsSpan(end).IndexOfAnyExcept('`') is var next && next < 0 ? line.Length - end : next;
                end += closing;
                if (closing == length)
                    break;
            }
            outside.Append('C');
            i = end;
        }
        return outside.ToString();
    }

    [GeneratedRegex(@"\A([^<>&]|&amp;|&lt;|&gt;)*\z")]
    private static partial Regex SlackSafe();

    [GeneratedRegex(@"\Ahttps://[^\s<>|`""]{1,492}\z")]
    private static partial Regex PlainAddress();

    [GeneratedRegex(@"\A(?:[^\\*_~`|<>#\[\]()@:!-]|\\[\\*_~`|<>#\[\]()@:!-])*\z")]
    private static partial Regex DiscordSafe();

    [GeneratedRegex(@"\A(### C|C|\*\*Next:\*\* C?|- \*\*[A-Z][a-z ]+:\*\* (C|<https://[^\s<>]+>)?|)\z")]
    private static partial Regex OwnWords();
}
