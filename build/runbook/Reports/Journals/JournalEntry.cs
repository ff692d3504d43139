using System.Text.Json.Nodes;

namespace Runback.Runbook.Reports.Journals;

/// <summary>A line of a journal.</summary>
/// <param name="At">When it was written, UTC; null when the line doesn't say so.</param>
/// <param name="Event">The event's name.</param>
/// <param name="Facts">What belongs to it.</param>
public sealed record JournalEntry(DateTimeOffset? At, string Event, JsonObject Facts);
