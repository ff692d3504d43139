namespace Runback.Runbook.Drills;

/// <summary>The proof that no acknowledged write is lost: what the application confirmed, held against what the database holds.</summary>
/// <param name="Sent">Writes sent.</param>
/// <param name="Acknowledged">Writes that were answered 2xx.</param>
/// <param name="Lost">The keys of acknowledged writes that the database doesn't hold, ordered.</param>
/// <param name="Unconfirmed">Writes that the database holds although their client never got an answer that says so; no loss, but a client may send them again.</param>
public sealed record WriteProof(int Sent, int Acknowledged, IReadOnlyList<string> Lost, int Unconfirmed)
{
    /// <summary>Compares.</summary>
    /// <param name="samples">How the requests went.</param>
    /// <param name="stored">The keys in the database.</param>
    public static WriteProof Of(IReadOnlyCollection<TrafficSample> samples, IEnumerable<string> stored)
    {
        var sent = samples.Where(sample => sample.Key is not null).Select(sample => sample.Key!).ToHashSet(StringComparer.Ordinal);
        var acknowledged = samples.Where(sample => sample.IsAcknowledged).Select(sample => sample.Key!).ToHashSet(StringComparer.Ordinal);
        var found = stored.ToHashSet(StringComparer.Ordinal);
        return new WriteProof(
            sent.Count, acknowledged.Count, [.. acknowledged.Except(found).Order(StringComparer.Ordinal)], sent.Except(acknowledged).Count(found.Contains));
    }
}
