using System.Text.Json.Nodes;

namespace Runback.Runbook.Incidents.Channels;

/// <summary>
/// A message in Slack's form: blocks whose texts are plain or rich text elements, which hold no markup, and a fallback text for notifications
/// and for servers that speak the same webhook without blocks. Limits: 150 characters in a header, 3,000 in a section (Slack, Block Kit
/// reference), about 13,000 in all blocks together. <c>&amp;</c>, <c>&lt;</c> and <c>&gt;</c> are escaped (Slack, "Formatting text").
/// </summary>
internal static class SlackMessage
{
    private const int HeaderRoom = 150;
    private const int SummaryRoom = 1500;
    private const int HintRoom = 600;
    private const int ValueRoom = 200;
    private const int TextRoom = 3000;

    /// <summary>The body of a post.</summary>
    public static JsonObject Of(AnnouncementMessage message) => new()
    {
        ["text"] = Fallback(message.Text),
        ["blocks"] = Blocks(message),
        ["unfurl_links"] = false,
        ["unfurl_media"] = false,
    };

    /// <summary>The body of a reply in a message's thread: its first line and summary.</summary>
    public static JsonObject Reply(AnnouncementMessage message) => new()
    {
        ["text"] = Fallback(message.Summary is null ? message.Headline : $"{message.Headline}\n{message.Summary}"),
        ["unfurl_links"] = false,
        ["unfurl_media"] = false,
    };

    /// <summary>Text in which nothing is a control sequence.</summary>
    internal static string Escape(string text, int room) => PlainText.Clip(text, room, rune => rune.Value switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        _ => rune.ToString(),
    });

    private static string Fallback(string text) => Escape(PlainText.Defang(text), TextRoom);

    private static JsonArray Blocks(AnnouncementMessage message)
    {
        var blocks = new JsonArray { new JsonObject { ["type"] = "header", ["text"] = Plain(message.Headline, HeaderRoom) } };
        if (message.Summary is not null)
            blocks.Add(new JsonObject { ["type"] = "section", ["text"] = Plain(message.Summary, SummaryRoom) });
        if (message.Hint is not null)
            blocks.Add(new JsonObject { ["type"] = "section", ["text"] = Plain($"Next: {message.Hint}", HintRoom) });
        var facts = new JsonArray();
        foreach (var fact in message.Facts)
        {
            facts.Add(Rich($"{fact.Label}: ", bold: true));
            facts.Add(fact.Link is null ? Rich(fact.Value, bold: false)
                : new JsonObject { ["type"] = "link", ["url"] = fact.Link.AbsoluteUri, ["text"] = Escape(fact.Value, ValueRoom) });
            facts.Add(Rich("\n", bold: false));
        }
        if (facts.Count > 0)
        {
            blocks.Add(new JsonObject
            {
                ["type"] = "rich_text",
                ["elements"] = new JsonArray(new JsonObject { ["type"] = "rich_text_section", ["elements"] = facts }),
            });
        }
        return blocks;
    }

    private static JsonObject Plain(string text, int room) => new() { ["type"] = "plain_text", ["text"] = Escape(text, room), ["emoji"] = false };

    private static JsonObject Rich(string text, bool bold)
    {
        var element = new JsonObject { ["type"] = "text", ["text"] = Escape(text, ValueRoom) };
        if (bold)
            element["style"] = new JsonObject { ["bold"] = true };
        return element;
    }
}
