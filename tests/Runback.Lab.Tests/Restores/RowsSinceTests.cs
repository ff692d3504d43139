using Runback.Runbook.Processes;
using Runback.Runbook.Restores;

namespace Runback.Lab.Tests.Restores;

[Tier(Tier.Default)]
[Collection(nameof(RestoreServer))]
public sealed class RowsSinceTests(RestoreServer postgres) : IDisposable
{
    private const string Written =
        """
        INSERT INTO customers (name) SELECT 'late ' || i FROM generate_series(1, 7) i;
        INSERT INTO bookings (note) SELECT 'late ' || i FROM generate_series(1, 5) i;
        INSERT INTO ledger VALUES ('a0', 1), ('late', 2), ('late', 2); UPDATE ledger SET amount = 9 WHERE ctid = (SELECT min(ctid) FROM ledger);
        CREATE TABLE extras (a int); INSERT INTO extras VALUES (1), (2);
        ALTER TABLE customers ADD COLUMN tier text DEFAULT 'gold';
        DELETE FROM customers WHERE id = 1;
        """;

    private readonly RestoreWorkshop _workshop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workshop.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Rows_written_after_the_backup_are_counted_by_number_by_time_and_by_whole_rows()
    {
        var server = await postgres.CreateAsync("since", Cancellation);
        var backup = await _workshop.DumpAsync(server, Cancellation);
        await server.ExecuteAsync(Written, Cancellation);

        var estimate = await RowsSince.EstimateAsync(server, backup.Facts!, Cancellation);
        Assert.Equal(backup.Facts!.Snapshot, estimate.From);
        Assert.Equal(
            ["bookings 55 50 Time 5", "customers 106 100 Number 6", "extras 2 - NoTable 2", "ledger 33 30 None 3"],
            estimate.Losing.Select(Short).Order(StringComparer.Ordinal));

        var swapped = await RestoreWorkshop.RestoreAsync(server, backup.File, _workshop.Begin(), Cancellation);
        var since = await RowsSince.CompareAsync(server, swapped, Cancellation);
        Assert.Equal((backup.Facts.Snapshot, swapped.At), (since.From, since.To));
        Assert.Equal(
            ["bookings 55 50 Time 5", "customers 106 100 Number 7", "extras 2 - NoTable 2", "ledger 33 30 WholeRow 4"],
            since.Losing.Select(Short).Order(StringComparer.Ordinal));
        Assert.Equal("alembic_version 1 1 WholeRow 0", Short(since.Tables.Single(table => table.Table == "alembic_version")));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_lines_take_the_rows_out_and_bring_them_over()
    {
        var server = await postgres.CreateAsync("brought over", Cancellation);
        var backup = await _workshop.DumpAsync(server, Cancellation);
        await server.ExecuteAsync(Written, Cancellation);
        var swapped = await RestoreWorkshop.RestoreAsync(server, backup.File, _workshop.Begin(), Cancellation);
        var since = await RowsSince.CompareAsync(server, swapped, Cancellation);
        foreach (var table in since.Losing)
        {
            await PasteAsync(table.TakeCommand!);
            if (table.BringCommand is { } bring)
                await PasteAsync(bring);
        }
        Assert.Equal("107", await server.ScalarAsync("SELECT count(*) FROM customers", Cancellation));
        Assert.Equal("55", await server.ScalarAsync("SELECT count(*) FROM bookings", Cancellation));
        Assert.Equal("34", await server.ScalarAsync("SELECT count(*) FROM ledger", Cancellation));
        Assert.Equal(0, (await RowsSince.CompareAsync(server, swapped, Cancellation)).Tables.Single(table => table.Table == "customers").Since);
        // The counter moved on with the rows.
        await server.ExecuteAsync("INSERT INTO customers (name) VALUES ('next');", Cancellation);
        Assert.Equal("108", await server.ScalarAsync("SELECT max(id) FROM customers", Cancellation));
        Assert.Equal(2, (await File.ReadAllLinesAsync(Directory.GetFiles(_workshop.Folder, "*extras.rows").Single(), Cancellation)).Length);
    }

    private static string Short(TableSince table) => $"{table.Table} {table.Now} {table.Restored?.ToString() ?? "-"} {table.Key} {table.Since}";

    private async Task PasteAsync(string line)
    {
        var result = await Shell.Quiet.TryAsync(new Command("sh", "-c", line) with { WorkingDirectory = _workshop.Folder }, Cancellation);
        Assert.True(result.Succeeded, $"{line}\n{result.Error}");
    }
}
