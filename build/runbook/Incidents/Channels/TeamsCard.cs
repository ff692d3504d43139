using System.Text.Json.Nodes;

namespace Runback.Runbook.Incidents.Channels;

/// <summary>
/// A message as an Adaptive Card in the envelope that a Teams workflow ("When a Teams webhook request is received") takes. All texts are rich text
/// runs, in which Markdown isn't read (Adaptive Cards, "Text features"); Teams refuses messages above 28 KB, which these lengths stay below.
/// </summary>
internal static class TeamsCard
{
    private const int HeadlineRoom = 250;
    private const int SummaryRoom = 1500;
    private const int HintRoom = 600;
    private const int ValueRoom = 300;

    /// <summary>The body of a post.</summary>
    public static JsonObject Of(AnnouncementMessage message, Moment moment) => new()
    {
        ["type"] = "message",
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["contentUrl"] = null,
            ["content"] = Card(message, moment),
        }),
    };

    private static JsonObject Card(AnnouncementMessage message, Moment moment)
    {
        var body = new JsonArray(Paragraph(Run(message.Headline, HeadlineRoom, ("weight", "Bolder"), ("size", "Medium"), ("color", ColorOf(moment)))));
        if (message.Summary is not null)
            body.Add(Paragraph(Run(message.Summary, SummaryRoom)));
        if (message.Hint is not null)
            body.Add(Paragraph(Run("Next: ", ValueRoom, ("weight", "Bolder")), Run(message.Hint, HintRoom)));
        foreach (var fact in message.Facts)
        {
            var line = Paragraph(Run($"{fact.Label}: ", ValueRoom, ("weight", "Bolder")), Run(fact.Value, ValueRoom));
            line["spacing"] = "None";
            body.Add(line);
        }
        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["fallbackText"] = PlainText.Clip(PlainText.Defang(message.Headline), HeadlineRoom),
            ["msteams"] = new JsonObject { ["width"] = "Full" },
            ["body"] = body,
        };
        var actions = message.Facts.Where(fact => fact.Link is not null)
            .Select(fact => (JsonNode)new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = fact.Label, ["url"] = fact.Link!.AbsoluteUri })
            .ToArray();
        if (actions.Length > 0)
            card["actions"] = new JsonArray(actions);
        return card;
    }

    private static JsonObject Paragraph(params JsonNode[] inlines) => new() { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray(inlines) };

    private static JsonObject Run(string text, int room, params ReadOnlySpan<(string Name, string Value)> style)
    {
        var run = new JsonObject { ["type"] = "TextRun", ["text"] = PlainText.Clip(PlainText.Defang(text), room) };
        foreach (var (name, value) in style)
            run[name] = value;
        return run;
    }

    private static string ColorOf(Moment moment) => moment switch
    {
        Moment.Success => "Good",
        Moment.Failure => "Attention",
        Moment.Return or Moment.Finish => "Warning",
        _ => "Accent",
    };
}
