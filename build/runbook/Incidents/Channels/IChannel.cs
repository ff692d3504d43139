using Runback.Runbook.Incidents.Http;

namespace Runback.Runbook.Incidents.Channels;

/// <summary>A place where people are told.</summary>
internal interface IChannel
{
    /// <summary>Its name for people: kind and host, nothing secret.</summary>
    string Name { get; }

    /// <summary>What tells it from others in what a run keeps: nothing secret either.</summary>
    string Key { get; }

    /// <summary>Whether a message can be edited, so that a run has one.</summary>
    bool Edits { get; }

    /// <summary>Sends a message, or edits the one that the run has.</summary>
    /// <param name="telling">What to tell.</param>
    /// <param name="kept">The message's id from before, or null.</param>
    /// <param name="sending">The means.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="SendingException">It could not be told.</exception>
    Task<Delivery> SendAsync(Telling telling, string? kept, Sending sending);
}

/// <summary>What a channel is to tell.</summary>
/// <param name="Announcement">The announcement, its secrets masked.</param>
/// <param name="Message">The same as people read it.</param>
/// <param name="FirstRun">The run that began what this run finishes; its own id otherwise.</param>
internal sealed record Telling(Announcement Announcement, AnnouncementMessage Message, string FirstRun);

/// <summary>What a channel did.</summary>
/// <param name="Detail">In words: sent, edited.</param>
/// <param name="MessageId">The message's id, or null when the channel gives none.</param>
/// <param name="Lacking">What went wrong although the message is there, or null.</param>
internal sealed record Delivery(string Detail, string? MessageId = null, string? Lacking = null);
