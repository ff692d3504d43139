using System.Globalization;
using Runback.Runbook.Databases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>
/// Finds a dump of a run that was ended halfway that shows the database exactly as it is now, so that the run that goes on needs no other.
/// <para>
/// The rule: a rollback must never lead to an older state than needed, so a dump is used again only if nothing at all was written since its snapshot.
/// The proof is the server's own: whoever writes takes a transaction id, in whatever database of the cluster (PostgreSQL manual, 66.1, "Transactions and
/// Identifiers"). If none was under way in the dump's snapshot, none is now, and the next id is still the same one, on the same cluster and at the same
/// revisions, then a new dump would hold the same rows. One id more, by an application, an operator or autovacuum, and a new dump is taken.
/// </para>
/// </summary>
/// <param name="server">The server.</param>
public sealed class UnwrittenSince(PostgresServer server)
{
    /// <summary>Finds the newest such dump; null when there is none, or nobody can tell.</summary>
    /// <param name="folder">The backup folder.</param>
    /// <param name="runs">The runs whose dumps count.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<Backup?> FindAsync(string folder, IReadOnlyCollection<string> runs, CancellationToken cancellation)
    {
        var candidates = BackupCatalog.List(folder, server.Address.Database)
            .Where(backup => backup.Facts is { NextTransaction: not null, SystemIdentifier: not null } facts && runs.Contains(facts.Run)).ToList();
        if (candidates.Count == 0)
            return null;
        try
        {
            var next = Parse(await server.ScalarAsync("SELECT txid_current_snapshot()::text", cancellation));
            var cluster = await server.ScalarAsync("SELECT system_identifier FROM pg_control_system()", cancellation);
            var revisions = (await AlembicVersion.ReadAsync(server, cancellation)).Revisions;
            return candidates.FirstOrDefault(backup => IsSame(backup.Facts!, next, cluster, revisions));
        }
        catch (RunbookException)
        {
            return null;
        }
    }

    /// <summary>Whether a dump shows what is there now.</summary>
    internal static bool IsSame(BackupFacts facts, long? next, string? cluster, IReadOnlyList<string> revisions) =>
        next is not null && facts.NextTransaction == next && facts.SystemIdentifier is not null && facts.SystemIdentifier == cluster
        && facts.Revisions is { } dumped && dumped.ToHashSet(StringComparer.Ordinal).SetEquals(revisions);

    /// <summary>The next transaction id of a snapshot in text (<c>xmin:xmax:list</c>), where nothing is under way in it; else null.</summary>
    internal static long? Parse(string? snapshot) =>
        snapshot?.Split(':') is [var oldest, var next, ""] && oldest == next && long.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
