using System.Text;

namespace Runback.Runbook.Incidents.Channels;

/// <summary>A message as a GitHub comment: values are code spans, so that nothing in them is a mention, a reference or a link, and a hidden last line names the run.</summary>
internal static class CommentBody
{
    /// <summary>The comment.</summary>
    /// <param name="message">The message.</param>
    /// <param name="run">The run that the comment belongs to.</param>
    public static string Of(AnnouncementMessage message, string run)
    {
        var body = new StringBuilder("### ").Append(MarkdownText.Code(message.Headline)).Append("\n\n");
        if (message.Summary is not null)
            body.Append(MarkdownText.Code(message.Summary, 3000)).Append("\n\n");
        if (message.Hint is not null)
            body.Append("**Next:** ").Append(MarkdownText.Code(message.Hint)).Append("\n\n");
        foreach (var fact in message.Facts)
            body.Append("- **").Append(fact.Label).Append(":** ").Append(Value(fact)).Append('\n');
        return body.Append('\n').Append(GitHub.Marker.Of(run)).Append('\n').ToString();
    }

    private static string Value(MessageFact fact) => fact.Link is null ? MarkdownText.Code(fact.Value) : $"<{fact.Link.AbsoluteUri}>";
}
