namespace Runback.Runbook.Incidents;

/// <summary>A line of a message.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">Its value, one line of text that nobody vouches for.</param>
/// <param name="Link">Where it leads, or null. Only addresses that were recognized as such become links.</param>
public sealed record MessageFact(string Label, string Value, Uri? Link = null);

/// <summary>An announcement as people read it, before a channel gives it its own form. Its texts are one line each, without control characters.</summary>
/// <param name="Headline">The first line.</param>
/// <param name="Summary">What is to be said next, or null.</param>
/// <param name="Hint">What to do next, or null.</param>
/// <param name="Facts">The rest.</param>
public sealed record AnnouncementMessage(string Headline, string? Summary, string? Hint, IReadOnlyList<MessageFact> Facts)
{
    // What every service takes, and leaves room for the rest of a message.
    private const int LongestLink = 500;

    /// <summary>The message of an announcement.</summary>
    /// <param name="announcement">What is told.</param>
    /// <param name="incident">Where the incident is found, or null.</param>
    public static AnnouncementMessage Of(Announcement announcement, Uri? incident = null) =>
        new(HeadlineOf(announcement), Line(announcement.Summary),
            announcement.Moment is Moment.Success or Moment.Start ? null : Line(announcement.Hint), [.. FactsOf(announcement, incident)]);

    /// <summary>The whole of it as plain text.</summary>
    public string Text => string.Join('\n', Lines);

    private IEnumerable<string> Lines =>
        new[] { Headline, Summary, Hint is null ? null : $"Next: {Hint}" }.OfType<string>().Concat(Facts.Select(fact => $"{fact.Label}: {fact.Value}"));

    private static string HeadlineOf(Announcement announcement)
    {
        var what = $"{PlainText.Line(announcement.Target)} of {PlainText.Line(announcement.Deployment)}";
        var (from, to) = (Line(announcement.From), Line(announcement.To));
        return announcement.Moment switch
        {
            Moment.Start => $"{what} has started" + (to is null ? "" : from is null ? $": to {to}" : $": {from} to {to}"),
            Moment.Success => $"{what} is done" + (to is null ? "" : $": {to} runs" + (from is null || from == to ? "" : $" (before: {from})")),
            Moment.Return => $"{what} failed, and {from ?? "what ran before"} runs again as it was found",
            Moment.Finish => $"{what} stopped, nothing was changed",
            _ => $"{what} FAILED: a person must look",
        };
    }

    private static IEnumerable<MessageFact> FactsOf(Announcement announcement, Uri? incident)
    {
        (string Label, string? Value, Uri? Link)[] facts =
        [
            ("From", announcement.From, null),
            ("To", announcement.To, null),
            ("Strategy", announcement.Strategy, null),
            ("Duration", Span(announcement.Duration), null),
            ("Outage", Span(announcement.Outage), null),
            ("Data lost", announcement.DataLost, null),
            ("Incident", announcement.Incident, incident),
            ("Reason", announcement.Reason, null),
            ("Operator", announcement.Operator, null),
            ("Host", announcement.Host, null),
            ("Run", announcement.Run, null),
            ("Report", announcement.Report, Address(announcement.Report)),
        ];
        return facts.Select(fact => (fact.Label, Value: Line(fact.Value), fact.Link)).Where(fact => fact.Value is not null)
            .Select(fact => new MessageFact(fact.Label, fact.Value!, fact.Link));
    }

    private static Uri? Address(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.UserInfo.Length == 0
        && address.AbsoluteUri.Length <= LongestLink
            ? address
            : null;

    private static string? Line(string? text) => string.IsNullOrWhiteSpace(text) ? null : PlainText.Line(text);

    private static string? Span(TimeSpan? span) => span is { } known ? PlainText.Span(known) : null;
}
