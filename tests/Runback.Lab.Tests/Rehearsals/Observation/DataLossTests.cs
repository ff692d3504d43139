using Runback.Runbook.Rehearsals.Observation;

namespace Runback.Lab.Tests.Rehearsals.Observation;

[Tier(Tier.Default)]
[Collection(nameof(ScratchDatabase))]
public sealed class DataLossTests(ScratchDatabase scratch)
{
    private const string Strange = "\"Strange \"\"names\"\"\".\"); \\echo :x '$$\"";

    [Fact(Timeout = 240_000)]
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

    [Fact(Timeout = 240_000)]
    public async Task A_table_that_can_not_be_counted_is_named_without_numbers()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var rehearsed = await RehearseAsync("DROP TABLE vault;");
        var server = await scratch.CopyAsync(cancellation);
        await server.ExecuteAsync("DROP TABLE vault;", cancellation);
        Assert.Equal([new LostData("vault", LossKind.Table, null, null, null, null)],
            await DataLoss.CountAsync(server, rehearsed.Observed, scratch.Before, rehearsed.After, null, cancellation));
    }

    [Fact(Timeout = 240_000)]
    public async Task Renames_views_functions_and_indexes_are_no_loss()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var rehearsed = await RehearseAsync(
            "ALTER TABLE customers RENAME email TO mail; ALTER TABLE vault RENAME TO safe; DROP VIEW open_bookings; DROP MATERIALIZED VIEW totals; DROP FUNCTION greet; DROP INDEX customers_name_idx;");
        Assert.Empty(await DataLoss.CountAsync(await scratch.CopyAsync(cancellation), rehearsed.Observed, scratch.Before, rehearsed.After, DateTimeOffset.UtcNow, cancellation));
    }

    private const string Outside =
        """
        CREATE EXTENSION lo; CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
        CREATE TABLE photos (id int, picture lo, thumbnail oid, number oid, year int) PARTITION BY LIST (year);
        CREATE TABLE photos_2025 PARTITION OF photos FOR VALUES IN (2025) PARTITION BY LIST (id);
        CREATE TABLE "Photos.2025" PARTITION OF photos_2025 DEFAULT;
        CREATE FOREIGN TABLE photos_afar PARTITION OF photos FOR VALUES IN (2024) SERVER files OPTIONS (filename '/dev/null');
        INSERT INTO photos SELECT i, lo_from_bytea(0, 'large'), lo_from_bytea(0, 'small'), 4, 2025 FROM generate_series(1, 3) i; UPDATE "Photos.2025" SET thumbnail = 0 WHERE id = 3;
        CREATE TABLE animals (id int, name text); CREATE TABLE dogs (breed text) INHERITS (animals); CREATE TABLE puppies () INHERITS (dogs);
        INSERT INTO animals VALUES (1, 'cat'); INSERT INTO dogs VALUES (2, 'rex', 'mix'), (3, NULL, 'mix'); INSERT INTO puppies VALUES (4, 'bo', 'mix');
        CREATE SCHEMA own; CREATE TABLE own.settings (key text); ALTER EXTENSION lo ADD TABLE own.settings; INSERT INTO own.settings VALUES ('a'), ('b');
        """;

    [Theory(Timeout = 240_000)]
    [InlineData("DROP TABLE photos;", "photos Table 3, photos_afar ForeignRows -!, \"Photos.2025\".picture LargeObjects 3!, \"Photos.2025\".thumbnail LargeObjects 2!")]
    [InlineData("SELECT lo_unlink(picture) FROM \"Photos.2025\" WHERE id < 3;", "the database LargeObjects 2!")]
    [InlineData("DELETE FROM \"Photos.2025\" WHERE id = 1;", "\"Photos.2025\" RowsDeleted 1, \"Photos.2025\".picture LargeObjects 3!, \"Photos.2025\".thumbnail LargeObjects 2!")]
    [InlineData("ALTER TABLE animals DROP COLUMN name;", "animals.name Column 1, dogs.name Column 1, puppies.name Column 1")]
    [InlineData("DROP TABLE animals CASCADE;", "animals Table 1, dogs Table 2, puppies Table 1")]
    [InlineData("DROP EXTENSION lo CASCADE;", "\"Photos.2025\".thumbnail LargeObjects 2!, own.settings Table -!, photos.picture Column 3, photos_afar ForeignRows -!, \"Photos.2025\".picture LargeObjects 3!")]
    [InlineData("DELETE FROM own.settings WHERE key = 'a';", "own.settings RowsDeleted 1!")]
    public async Task What_no_dump_of_the_lost_tables_can_keep_is_named_with_what_is_lost(string downgrade, string expected)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var server = await scratch.CopyAsync(cancellation);
        await server.ExecuteAsync(Outside, cancellation);
        var before = await CatalogSnapshot.ReadAsync(server, cancellation);
        var copy = await scratch.CopyAsync(server, cancellation);
        var recorder = new MigrationRecorder(copy);
        await recorder.InstallAsync(cancellation);
        await copy.ExecuteAsync(downgrade, cancellation);
        var observed = await recorder.ReadAsync(cancellation);

        var lost = await DataLoss.CountAsync(server, observed, before, await CatalogSnapshot.ReadAsync(copy, cancellation), null, cancellation);
        if (await DataLoss.LargeObjectsAsync(server, copy, cancellation) is { } objects)
            lost = [.. lost, objects];

        Assert.Equal(
            expected.Split(", ").Order(StringComparer.Ordinal),
            lost.Select(loss => $"{loss.Subject} {loss.Kind} {(loss.Kind == LossKind.Column ? loss.NonNull : loss.Rows)?.ToString() ?? "-"}{(loss.NotKept is null ? "" : "!")}").Order(StringComparer.Ordinal));
    }

    private Task<(ObservedMigration Observed, CatalogSnapshot After)> RehearseAsync(string downgrade) =>
        scratch.ObserveAsync(downgrade, TestContext.Current.CancellationToken);
}
