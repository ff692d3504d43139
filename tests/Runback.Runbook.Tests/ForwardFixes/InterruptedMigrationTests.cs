using Runback.Runbook.ForwardFixes;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.History;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.ForwardFixes;

public class InterruptedMigrationTests
{
    private static readonly CatalogFacts Nothing = new([], [], [], []);

    private static RevisionGraph Graph(params string[] upgrades) =>
        RevisionGraph.Link([.. upgrades.Select((sql, i) => Script($"r{i}", i == 0 ? null : $"r{i - 1}", sql))]);

    [Fact]
    public void A_migration_of_which_nothing_is_there_can_run_again()
    {
        var found = InterruptedMigration.Assess(Graph("CREATE TABLE a (x int)", "CREATE TABLE b (x int)", "DROP TABLE a"), ["r0"], Nothing);
        Assert.Equal(["r1", "r2"], found.Missing);
        Assert.Equal(new ChangeState("r1", new SourceLine("r1.py", 1), "create table b", false, null), Assert.Single(found.Changes));
        Assert.False(found.HalfDone);
        Assert.True(found.CanRetry);
    }

    [Fact]
    public void What_a_dead_autocommit_block_left_is_named_with_what_to_do()
    {
        var t = ObjectName.Of("t");
        var facts = new CatalogFacts(
            [new RelationFacts(t, RelationKind.Table, [new ColumnSpec("a", "integer"), new ColumnSpec("b", "integer")], ["t_pkey"], [])],
            [new IndexFacts(ObjectName.Of("i"), t, Valid: false), new IndexFacts(ObjectName.Of("j"), t, Valid: true)],
            [new TypeFacts(ObjectName.Of("mood"), ["good", "bad"])], []);
        var found = InterruptedMigration.Assess(
            Graph("CREATE TABLE t (a int)", "ALTER TABLE t ADD b int; ALTER TYPE mood ADD VALUE 'bad'; CREATE INDEX CONCURRENTLY i ON t (b); CREATE INDEX CONCURRENTLY k ON t (a)"),
            ["r0"], facts);
        Assert.Equal([true, true, true, false], found.Changes.Select(change => change.Done));
        Assert.Contains("ALTER TABLE t DROP COLUMN b;", found.Changes[0].Todo, StringComparison.Ordinal);
        Assert.Contains("IF NOT EXISTS", found.Changes[1].Todo, StringComparison.Ordinal);
        Assert.Equal("DROP INDEX CONCURRENTLY i;", found.Changes[2].Todo);
        Assert.Null(found.Changes[3].Todo);
        Assert.Equal([ObjectName.Of("i")], found.InvalidIndexes);
        Assert.True(found.HalfDone);
        Assert.False(found.CanRetry);
        Assert.Contains("r1 is half done:", found.Lines());
        Assert.Single(found.Lines(), line => line.Contains("DROP INDEX CONCURRENTLY i;", StringComparison.Ordinal));
    }

    [Fact]
    public void What_may_be_there_already_needs_nothing()
    {
        var facts = new CatalogFacts([new RelationFacts(ObjectName.Of("b"), RelationKind.Table, [], [], [])], [], [], []);
        var found = InterruptedMigration.Assess(Graph("CREATE TABLE a (x int)", "CREATE TABLE IF NOT EXISTS b (x int)"), ["r0"], facts);
        Assert.True(found.HalfDone);
        Assert.True(found.CanRetry);
    }

    [Fact]
    public void An_object_that_the_migration_first_drops_says_nothing_about_how_far_it_came()
    {
        var t = ObjectName.Of("t");
        var facts = new CatalogFacts([new RelationFacts(t, RelationKind.Table, [new ColumnSpec("a", "integer")], [], [])], [new IndexFacts(ObjectName.Of("i"), t, true)], [], []);
        var found = InterruptedMigration.Assess(Graph("CREATE TABLE t (a int); CREATE INDEX i ON t (a)", "DROP INDEX i; CREATE INDEX i ON t (a, b)"), ["r0"], facts);
        Assert.False(found.HalfDone);
    }

    [Fact]
    public void A_database_that_the_image_does_not_know_is_said_to_be_so()
    {
        var found = InterruptedMigration.Assess(Graph("CREATE TABLE a (x int)"), ["elsewhere"], Nothing);
        Assert.Equal(["elsewhere"], found.Unknown);
        Assert.False(found.CanRetry);
        Assert.Contains(found.Lines(), line => line.Contains("elsewhere is not in the image", StringComparison.Ordinal));
    }
}
