using System.Text.Json.Nodes;

namespace Runback.Runbook.Incidents.Channels;

/// <summary>
/// The document that a generic webhook gets. Its names are stable: new ones may be added, none is removed or changes its meaning within a
/// version; what isn't known is null. Times are ISO 8601 in UTC, spans are seconds.
/// </summary>
internal static class WebhookDocument
{
    private const int Version = 1;
    private const int Room = 4000;

    /// <summary>The document of an announcement.</summary>
    /// <param name="announcement">What is told.</param>
    /// <param name="message">The same as people read it.</param>
    public static JsonObject Of(Announcement announcement, AnnouncementMessage message) => new()
    {
        ["version"] = Version,
        ["event"] = $"runback.{announcement.Moment.ToString().ToLowerInvariant()}",
        ["moment"] = announcement.Moment.ToString(),
        ["at"] = announcement.At.UtcDateTime.ToString("O"),
        ["run"] = announcement.Run,
        ["target"] = Value(announcement.Target),
        ["deployment"] = Value(announcement.Deployment),
        ["from"] = Value(announcement.From),
        ["to"] = Value(announcement.To),
        ["strategy"] = Value(announcement.Strategy),
        ["incident"] = Value(announcement.Incident),
        ["incidentUrl"] = message.Facts.FirstOrDefault(fact => fact.Label == "Incident")?.Link?.AbsoluteUri,
        ["reason"] = Value(announcement.Reason),
        ["operator"] = Value(announcement.Operator),
        ["host"] = Value(announcement.Host),
        ["durationSeconds"] = Seconds(announcement.Duration),
        ["outageSeconds"] = Seconds(announcement.Outage),
        ["dataLost"] = Value(announcement.DataLost),
        ["headline"] = message.Headline,
        ["summary"] = Value(announcement.Summary),
        ["hint"] = Value(announcement.Hint),
        ["report"] = Value(announcement.Report),
        ["text"] = PlainText.Clip(message.Text, Room),
    };

    private static string? Value(string? text) => text is null ? null : PlainText.Clip(PlainText.Line(text), Room);

    private static double? Seconds(TimeSpan? span) => span is { } known ? Math.Round(known.TotalSeconds, 3) : null;
}
