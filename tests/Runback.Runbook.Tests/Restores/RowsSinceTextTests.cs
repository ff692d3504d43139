using Runback.Runbook.Restores;

namespace Runback.Runbook.Tests.Restores;

/// <summary>What people are told that a restore gives up: nothing is called nothing only where changed rows would have been seen.</summary>
public sealed class RowsSinceTextTests
{
    private static readonly DateTimeOffset Noon = new(2025, 12, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(RowKey.Number)]
    [InlineData(RowKey.Time)]
    public void Where_only_new_rows_can_be_told_it_says_that_changed_ones_are_not(RowKey key) => Assert.Equal(
        "no new rows that were written between 2025-12-21 12:00:00 and 2025-12-21 13:00:00 UTC; rows that were changed or removed then aren't told, and are as they were in the database that is put aside",
        Line(key, since: 0));

    [Fact]
    public void Where_whole_rows_were_compared_nothing_is_nothing() =>
        Assert.Equal("nothing that was written between 2025-12-21 12:00:00 and 2025-12-21 13:00:00 UTC", Line(RowKey.WholeRow, since: 0));

    [Fact]
    public void What_is_lost_is_counted() => Assert.Equal(
        "what was written between 2025-12-21 12:00:00 and 2025-12-21 13:00:00 UTC: public.bookings: 2 rows (4,000 now, 4,000 in the backup); it stays in the database that is put aside",
        Line(RowKey.Number, since: 2));

    private static string Line(RowKey key, long since) =>
        RowsSinceText.Line(new RowsSince(Noon, Noon.AddHours(1), [new TableSince("public", "bookings", 4_000, 4_000, key, since)]));
}
