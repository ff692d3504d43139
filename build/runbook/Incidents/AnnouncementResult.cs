namespace Runback.Runbook.Incidents;

/// <summary>What became of an announcement in one channel.</summary>
/// <param name="Channel">The channel: kind and host, nothing secret.</param>
/// <param name="Moment">The moment that was told.</param>
/// <param name="Delivered">Whether the service took it. In a dry run nothing is sent, so nothing is delivered.</param>
/// <param name="Detail">What was done, or why it failed, in a line.</param>
/// <param name="Attempts">Requests that were begun.</param>
/// <param name="At">When that was known, UTC.</param>
/// <param name="Hint">What to do when it failed, or null.</param>
public sealed record AnnouncementResult(
    string Channel, Moment Moment, bool Delivered, string Detail, int Attempts, DateTimeOffset At, string? Hint = null)
{
    /// <summary>The result in a line.</summary>
    public override string ToString() => $"{Channel}: {(Delivered ? "" : "not told: ")}{Detail}";
}
