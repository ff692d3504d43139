using Runback.Runbook.Rehearsals.Observation;

namespace Runback.Lab.Tests.Rehearsals.Observation;

[Tier(Tier.Default)]
[Collection(nameof(ScratchDatabase))]
public sealed class DataLossTests(ScratchDatabase scratch)
{
    private const string Strange = "\"Strange \"\"names\"\"\".\"); \\echo :x '$$\"";

    [Fact(Timeout = 60_000)]
    public async Task What_a_downgrade_destroys_is_counted_before_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var server = await scratch.CopyAsync(cancellation);
        await server.ExecuteAsync(
            """
            UPDATE customers SET created_at = '2025-01-01Z' WHERE id <= 15;
            UPDATE customers SET created_at = '2026-01-01Z' WHERE id > 15;
            UPDATE customers SET nick = 'new ' || id WHERE id IN (17, 18);
            ALTER TABLE vault ADD COLUMN updated_on timestamp;
            INSERT INTO vault VALUES (1, 'a', '2025-12-31 23:59:59'), (2, 'b', '2026-01-01 00:00:00');
            """, cancellation);
        var before = await CatalogSnapshot.ReadAsync(server, cancellation);
        var rehearsed = await RehearseAsync(
            $""""
            UPDATE customers SET created_at = '2025-01-01Z';
            ALTER TABLE customers DROP COLUMN nick, DROP COLUMN email; ALTER TABLE customers RENAME name TO title; ALTER TABLE customers RENAME score TO points;
            ALTER TABLE customers DROP COLUMN points;
            ALTER TABLE bookings DROP COLUMN total; DELETE FROM bookings WHERE id < 4; UPDATE bookings SET note = 'x' WHERE id = 9;
            ALTER TABLE {Strange} DROP COLUMN "a.b ""c""";
            DROP TABLE vault; DROP TABLE invoices; DROP VIEW IF EXISTS open_bookings; DROP FUNCTION greet;
            """");
        var lost = await DataLoss.CountAsync(server, rehearsed.Observed, before, rehearsed.After, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), cancellation);
        Assert.Equal(
            [
                new LostData("invoices", LossKind.Table, 5, null, null, null),
                new LostData("vault", LossKind.Table, 2, null, 1, "updated_on"),
                new LostData(Strange + ".\"a.b \"\"c\"\"\"", LossKind.Column, 7, 7, null, null) { Schema = "Strange \"names\"", Table = "); \\echo :x '$$" },
                new LostData("customers.email", LossKind.Column, 20, 20, 5, "created_at") { Table = "customers" },
                new LostData("customers.nick", LossKind.Column, 20, 7, 2, "created_at") { Table = "customers" },
                new LostData("customers.score", LossKind.Column, 20, 20, 5, "created_at") { Table = "customers" },
                new LostData("bookings", LossKind.RowsDeleted, 3, null, null, null),
                new LostData("bookings", LossKind.RowsUpdated, 1, null, null, null),
                new LostData("customers", LossKind.RowsUpdated, 20, null, null, null),
            ], lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_table_that_can_not_be_counted_is_named_without_numbers()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var rehearsed = await RehearseAsync("DROP TABLE vault;");
        var server = await scratch.CopyAsync(cancellation);
        await server.ExecuteAsync("DROP TABLE vault;", cancellation);
        Assert.Equal([new LostData("vault", LossKind.Table, null, null, null, null)],
            await DataLoss.CountAsync(server, rehearsed.Observed, scratch.Before, rehearsed.After, null, cancellation));
    }

    [Fact(Timeout = 60_000)]
    public async Task Renames_views_functions_and_indexes_are_no_loss()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var rehearsed = await RehearseAsync(
            "ALTER TABLE customers RENAME email TO mail; ALTER TABLE vault RENAME TO safe; DROP VIEW open_bookings; DROP MATERIALIZED VIEW totals; DROP FUNCTION greet; DROP INDEX customers_name_idx;");
        Assert.Empty(await DataLoss.CountAsync(await scratch.CopyAsync(cancellation), rehearsed.Observed, scratch.Before, rehearsed.After, DateTimeOffset.UtcNow, cancellation));
    }

    private Task<(ObservedMigration Observed, CatalogSnapshot After)> RehearseAsync(string downgrade) =>
        scratch.ObserveAsync(downgrade, TestContext.Current.CancellationToken);
}
