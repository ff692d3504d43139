using Runback.Runbook.Backups;

namespace Runback.Lab.Tests.Backups;

/// <summary>A dump is used again only while nobody has written anything since.</summary>
[Tier(Tier.Default)]
[Collection(nameof(ProductionDatabase))]
public sealed class UnwrittenSinceTests(ProductionDatabase production) : IDisposable
{
    private readonly BackupWorkshop _workshop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workshop.Dispose();

    [Fact(Timeout = 240_000)]
    public async Task A_dump_is_found_again_until_one_row_is_written_in_whatever_database()
    {
        // An autovacuum in between would take an id of its own, and rightly.
        await production.Server.ExecuteAsync("ALTER SYSTEM SET autovacuum = off; SELECT pg_reload_conf();", Cancellation);
        try
        {
            var other = await production.CreateLargeAsync("elsewhere", Cancellation);
            var backup = await _workshop.TakeAsync(production.Server, Cancellation);

            Assert.Equal(backup.File, (await FindAsync(_workshop.Run))?.File);
            Assert.Null(await FindAsync("another run"));
            await production.Server.ExecuteAsync("BEGIN; SELECT count(*) FROM customers; ROLLBACK;", Cancellation);
            Assert.Equal(backup.File, (await FindAsync(_workshop.Run))?.File);

            await other.ExecuteAsync("CREATE TABLE noted (at timestamptz);", Cancellation);
            Assert.Null(await FindAsync(_workshop.Run));
        }
        finally
        {
            await production.Server.ExecuteAsync("ALTER SYSTEM RESET autovacuum; SELECT pg_reload_conf();", CancellationToken.None);
        }
    }

    private Task<Backup?> FindAsync(string run) => new UnwrittenSince(production.Server).FindAsync(_workshop.Folder, [run], Cancellation);
}
