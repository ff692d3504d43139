namespace Runback.Runbook.Incidents;

/// <summary>What would be told, for a dry run.</summary>
public static class AnnounceText
{
    /// <summary>The message, and the channels that it would go to.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="message">The message.</param>
    /// <param name="channels">The channels' names.</param>
    public static IEnumerable<string> Lines(Moment moment, AnnouncementMessage message, IReadOnlyList<string> channels)
    {
        if (channels.Count == 0)
        {
            yield return $"{moment}: nobody would be told, the profile names no channel";
            yield break;
        }
        yield return $"{moment}: would be told to {string.Join(", ", channels)}:";
        foreach (var line in message.Text.Split('\n'))
            yield return $"    {line}";
    }
}
