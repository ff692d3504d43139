using Runback.Runbook.Migrations.History;

namespace Runback.Runbook.Tests.Migrations.History;

/// <summary>
/// What Alembic 1.13.2 did on PostgreSQL 17 with exactly these histories: each revision made a table, each argument was run, and the tables and
/// the version table's rows were read back.
/// </summary>
public sealed class DowngradePlanTests
{
    [Theory]
    [InlineData("a|b <- a|c <- b", "c", "a", "a", "a")]
    [InlineData("a|b <- a|c <- a|m <- b c", "m", "a b c", "b", "b c")]
    [InlineData("a|b <- a|c <- a|m <- b c", "m", "a", "a", "a")]
    [InlineData("a|b <- a|c <- a|m <- b c", "m", "a b", "c@a", "b")]
    [InlineData("a|b <- a|c <- a", "b c", "a", "a", "a")]
    [InlineData("a|b <- a|c <- a", "b c", "a c", "b@a", "c")]
    [InlineData("a|b <- a|c <- a", "b", "a", "a", "a")]
    [InlineData("a|b <- a|c <- a|d <- a|m <- b c d", "m", "a c", "b@a d@a", "c")]
    [InlineData("a|b <- a|c <- a|m <- b c|d <- m|e <- m|n <- d e", "n", "a b", "c@a", "b")]
    [InlineData("a|b <- a|c <- b|m <- a c", "m", "a b c", "c", "c")]
    [InlineData("a|b <- a|b2 <- b|c <- a|c2 <- c", "b2 c2", "a b c", "b c", "b c")]
    [InlineData("a|b <- a|x|y <- x", "b y", "a x", "a x", "a x")]
    [InlineData("a|b <- a|x|y <- x", "b y", "a x y", "a", "a y")]
    [InlineData("a|b <- a|x|y <- x|c <- b needs y", "c", "a b x y", "b", "b y")]
    [InlineData("a|b <- a|x|y <- x|c <- b needs y", "c", "a b x", "x", "b x")]
    [InlineData("a|b <- a|x|y <- x needs b|z <- y", "z", "a x", "a", "a x")]
    public void The_arguments_take_back_what_the_target_lacks_and_nothing_else(string history, string rows, string target, string arguments, string rowsAfter)
    {
        var plan = DowngradePlan.Find(Revisions.Graph(history.Split('|')), rows.Split(' '), Target(history, target));

        Assert.Null(plan.Reason);
        Assert.Equal(arguments.Split(' '), plan.Arguments!);
        Assert.Equal(rowsAfter.Split(' '), plan.Rows);
    }

    [Fact]
    public void A_database_with_nothing_more_needs_no_downgrade()
    {
        var plan = DowngradePlan.Find(Revisions.Graph("a", "b <- a"), ["a"], Revisions.Graph("a"));
        Assert.Equal([], plan.Arguments!);
        Assert.Equal(["a"], plan.Rows);
    }

    [Theory]
    [InlineData("a|b <- a", "b", "z", "a is a first revision (versions/a.py): taking it back goes down to base")]
    [InlineData("a|b <- a|x|y <- x", "b y", "a b", "x is a first revision (versions/x.py)")]
    [InlineData("a|b <- a", "b 0123456789ab", "a", "the database is at 0123456789ab")]
    public void A_way_that_no_revision_names_is_told_with_its_reason(string history, string rows, string target, string reason)
    {
        var plan = DowngradePlan.Find(Revisions.Graph(history.Split('|')), rows.Split(' '), Revisions.Graph(target.Split(' ')));

        Assert.Null(plan.Arguments);
        Assert.StartsWith(reason, plan.Reason, StringComparison.Ordinal);
        Assert.Empty(plan.Rows);
    }

    [Fact]
    public void A_target_whose_history_was_shortened_keeps_what_would_go_along()
    {
        var plan = DowngradePlan.Find(Revisions.Graph("a", "b <- a", "c <- b"), ["c"], Revisions.Graph("a", "c <- a"));
        Assert.Null(plan.Arguments);
        Assert.Equal("taking back b would take back what the target keeps as well: c", plan.Reason);
    }

    [Theory]
    [InlineData("a|b <- a|c <- a|m <- b c", "b", "m", "m")]
    [InlineData("a|b <- a|c <- a", "a", "c b", "b c")]
    [InlineData("a|b <- a|x|y <- x|c <- b needs y", "b x", "c", "c")]
    [InlineData("a|b <- a|x|y <- x", "", "y b", "b y")]
    [InlineData("a|b <- a", "b", "b", "")]
    public void An_upgrade_names_each_row_that_is_missing(string history, string from, string rows, string arguments) =>
        Assert.Equal(Words(arguments), UpgradePlan.Find(Revisions.Graph(history.Split('|')), Words(from), Words(rows)).Arguments!);

    [Fact]
    public void An_upgrade_does_not_take_anything_back_or_come_to_what_is_not_there()
    {
        var graph = Revisions.Graph("a", "b <- a", "c <- a");
        Assert.Equal("c is applied already and is no part of b", UpgradePlan.Find(graph, ["c"], ["b"]).Reason);
        Assert.Null(UpgradePlan.Find(graph, ["c"], ["b"]).Arguments);
        Assert.Equal("the image has no file for z", UpgradePlan.Find(graph, ["a"], ["z"]).Reason);
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // The part of the history that the target has.
    private static RevisionGraph Target(string history, string revisions) =>
        Revisions.Graph([.. history.Split('|').Where(line => Words(revisions).Contains(line.Split(' ')[0]))]);
}
