using System.Text.Json.Nodes;

namespace Runback.Runbook.Incidents.Channels;

/// <summary>
/// A message in Discord's form: one embed, Markdown in it escaped, and no mention allowed. Limits: title 256, description 4,096, a field's name 256 and
/// value 1,024 characters, 25 fields, 6,000 characters together (Discord, "Embed limits").
/// </summary>
internal static class DiscordMessage
{
    private const int TitleRoom = 256;
    private const int SummaryRoom = 1500;
    private const int HintRoom = 500;
    private const int ValueRoom = 250;
    private const string Markup = "\\*_~`|<>#-[]()@:!";

    /// <summary>The body of a post or an edit.</summary>
    public static JsonObject Of(AnnouncementMessage message, Moment moment, DateTimeOffset at)
    {
        var fields = new JsonArray();
        if (message.Hint is not null)
            fields.Add(Field("Next", Escape(message.Hint, HintRoom), inline: false));
        foreach (var fact in message.Facts)
            fields.Add(Field(fact.Label, Escape(fact.Value, ValueRoom), inline: fact.Value.Length < 40));
        var embed = new JsonObject
        {
            ["title"] = Escape(message.Headline, TitleRoom),
            ["color"] = ColorOf(moment),
            ["fields"] = fields,
            ["timestamp"] = at.UtcDateTime.ToString("O"),
        };
        if (message.Summary is not null)
            embed["description"] = Escape(message.Summary, SummaryRoom);
        // An embed has one link, its title's: the incident before the report.
        if (message.Facts.FirstOrDefault(fact => fact.Link is not null)?.Link is { } link)
            embed["url"] = link.AbsoluteUri;
        return new JsonObject
        {
            ["embeds"] = new JsonArray(embed),
            ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() },
        };
    }

    private static string Escape(string text, int room) =>
        PlainText.Clip(PlainText.Defang(text), room, rune => rune.IsAscii && Markup.Contains((char)rune.Value, StringComparison.Ordinal) ? $"\\{rune}" : rune.ToString());

    private static JsonObject Field(string name, string value, bool inline) => new() { ["name"] = name, ["value"] = value, ["inline"] = inline };

    private static int ColorOf(Moment moment) => moment switch
    {
        Moment.Success => 0x2E_A0_43,
        Moment.Failure => 0xCF_22_2E,
        Moment.Return or Moment.Finish => 0xBF_87_00,
        _ => 0x09_69_DA,
    };
}
