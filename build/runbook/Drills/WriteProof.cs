namespace Runback.Runbook.Drills;

/// <summary>The proof that no acknowledged write is lost: what the application confirmed, held against what the database holds.</summary>
/// <param name="Sent">Writes sent.</param>
/// <param name="Acknowledged">Writes that were answered 2xx.</param>
/// <param name="Lost">The keys of acknowledged writes that the database doesn't hold, ordered.</param>
/// <param name="Unconfirmed">Writes that the database holds although their client never got an answer that says so; no loss, but a client may send them again.</param>
public sealed record WriteProof(int Sent, int Acknowledged, IReadOnlyList<string> Lost, int Unconfirmed)
{
    /// <summary>Acknowledged writes that only the database holds which a restore put aside: kept and named in the report, not lost.</summary>
    public int PutAside { get; init; }

    /// <summary>Compares.</summary>
    /// <param name="samples">How the requests went.</param>
    /// <param name="stored">The keys in the database.</param>
    /// <param name="aside">The keys in the database that a restore put aside; empty when there is none.</param>
    public static WriteProof Of(IReadOnlyCollection<TrafficSample> samples, IEnumerable<string> stored, IReadOnlyCollection<string> aside)
    {
        var sent = samples.Where(sample => sample.Key is not null).Select(sample => sample.Key!).ToHashSet(StringComparer.Ordinal);
        var acknowledged = samples.Where(sample => sample.IsAcknowledged).Select(sample => sample.Key!).ToHashSet(StringComparer.Ordinal);
        var found = stored.ToHashSet(StringComparer.Ordinal);
        var missing = acknowledged.Except(found).ToList();
        var lost = missing.Except(aside).Order(StringComparer.Ordinal).ToList();
        return new WriteProof(sent.Count, acknowledged.Count, lost, sent.Except(acknowledged).Count(found.Contains)) { PutAside = missing.Count - lost.Count };
    }
}
