using Runback.Runbook.Migrations.History;

namespace Runback.Runbook.Tests.Migrations.History;

public sealed class VersionRowsTests
{
    private static readonly RevisionGraph Branched = Revisions.Graph("a", "b <- a", "c <- b", "d <- b", "e <- c d", "x", "y <- x needs b");

    // What Alembic 1.13 itself says of each was tried: RevisionMap.iterate_revisions(heads, rows).
    [Theory]
    [InlineData("b", "a", "a beside b,")]
    [InlineData("c", "a", "a beside c,")]
    [InlineData("e", "c", "c beside e,")]
    [InlineData("y", "b", "b beside y,")]
    public void A_row_that_another_one_follows_or_depends_on_is_named_with_it(string one, string other, string said)
    {
        foreach (string[] rows in new[] { [one, other], new[] { other, one }, ["unknown", other, one] })
        {
            var fault = VersionRows.Fault(rows, Branched);
            Assert.Contains(said, fault?.Found, StringComparison.Ordinal);
            Assert.Contains("overlapping heads", fault!.Found, StringComparison.Ordinal);
            Assert.Contains($"{one} where", fault.Hint, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("c d")]
    [InlineData("c d x")]
    [InlineData("e y")]
    [InlineData("a x")]
    [InlineData("a unknown")]
    [InlineData("unknown other")]
    [InlineData("e")]
    [InlineData("")]
    public void Several_heads_of_a_branched_history_one_row_and_none_are_no_fault(string rows) =>
        Assert.Null(VersionRows.Fault(rows.Split(' ', StringSplitOptions.RemoveEmptyEntries), Branched));

    [Fact]
    public void The_history_that_knows_both_rows_tells() =>
        Assert.Contains("b beside c", VersionRows.Fault(["b", "c"], Revisions.Graph("a", "b <- a"), Branched)?.Found, StringComparison.Ordinal);

    [Fact]
    public void More_overlaps_than_a_person_reads_are_counted() =>
        Assert.Contains("; and 6 more (overlapping heads)", VersionRows.Fault(["a", "b", "c", "d", "e"], Branched)?.Found, StringComparison.Ordinal);

    [Fact]
    public void A_revision_in_two_rows_and_a_row_without_one_are_faults_without_any_history()
    {
        Assert.Contains("found b in 2 rows", VersionRows.Fault(["b", "b"])?.Found, StringComparison.Ordinal);
        Assert.Contains("found one without (b besides)", VersionRows.Fault(["", "b"], Branched)?.Found, StringComparison.Ordinal);
    }
}
