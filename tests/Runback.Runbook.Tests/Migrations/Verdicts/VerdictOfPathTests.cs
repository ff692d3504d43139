using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Verdicts;

public class VerdictOfPathTests
{
    [Theory]
    [InlineData("", Verdict.Additive)]
    [InlineData("CREATE TABLE t (a int); GRANT SELECT ON t TO app", Verdict.Additive)]
    [InlineData("INSERT INTO t VALUES (1)", Verdict.Caution)]
    [InlineData("INSERT INTO t VALUES (1); CALL f()", Verdict.Unknown)]
    [InlineData("CALL f(); DROP TABLE t", Verdict.Breaking)]
    public void The_worst_reason_decides(string sql, Verdict verdict) => Assert.Equal(verdict, Judge(sql).Verdict);

    [Fact]
    public void Unknown_and_breaking_block_and_the_others_do_not() =>
        Assert.Equal([false, false, true, true], Enum.GetValues<Verdict>().Select(verdict => verdict.Blocks()));

    [Fact]
    public void A_reason_names_rule_object_file_and_line() =>
        Assert.Equal(
            new Reason("drop-column", Severity.Breaking, "crm.bookings.note", "column note of crm.bookings was dropped", new SourceLine("b.py", 2)),
            Assert.Single(Judge("\nALTER TABLE crm.bookings DROP note").Reasons));

    [Fact]
    public void What_the_path_made_earlier_is_new_to_the_path_and_old_to_the_migration()
    {
        var path = JudgePath("CREATE TABLE t (a int, b int)", "ALTER TABLE t DROP COLUMN b; UPDATE t SET a = 1");
        Assert.Equal(Verdict.Additive, path.Verdict);
        Assert.Equal([Verdict.Additive, Verdict.Breaking], path.Revisions.Select(revision => revision.Verdict));
        Assert.Equal([Verdict.Additive, Verdict.Additive], path.Revisions.Select(revision => revision.VerdictInPath));
    }

    [Fact]
    public void A_path_from_the_very_first_migration_is_as_bad_as_its_worst_one() =>
        Assert.Equal(Verdict.Breaking, VerdictOfPath.Assess([Script("a", null, "CREATE TABLE t (a int)"), Script("b", "a", "DROP TABLE t")]).Verdict);

    [Fact]
    public void A_table_that_may_have_been_there_is_old_unless_the_whole_history_says_otherwise()
    {
        const string sql = "CREATE TABLE IF NOT EXISTS t (a int); DELETE FROM t";
        Judge(sql).Is(Verdict.Breaking, "delete-rows");
        JudgeAfter("CREATE TABLE other (a int)", sql).IsAdditive();
        JudgeAfter("CREATE TABLE t (a int)", sql).Is(Verdict.Breaking, "delete-rows");
    }

    [Fact]
    public void A_change_that_may_not_happen_counts_where_it_makes_things_worse()
    {
        ObjectName table = ObjectName.Of("t");
        MigrationScript Of(params Change[] changes) => new("b", ["a"], "b.py", changes.ToValueList(), []);
        var required = new ColumnAdded(table, new ColumnSpec("c", "int") { Nullable = false });
        Assert.Equal(Verdict.Breaking, VerdictOfPath.Assess([Of(required, new ColumnDefaultChanged(table, "c", "1") { Conditional = true })]).Verdict);
        Assert.Equal(Verdict.Additive, VerdictOfPath.Assess([Of(required, new ColumnDefaultChanged(table, "c", "1"))]).Verdict);
        Assert.Equal(Verdict.Breaking, VerdictOfPath.Assess([Of(new TableCreated(table, []) { Conditional = true }, new RowsDeleted(table))]).Verdict);
        Assert.Equal(Verdict.Breaking, VerdictOfPath.Assess([Of(new ColumnDropped(table, "x") { Conditional = true })]).Verdict);
    }

    [Fact]
    public void A_table_made_dropped_and_named_again_is_followed()
    {
        JudgePath("CREATE TABLE a (x int)", "ALTER TABLE a RENAME TO b", "ALTER TABLE b DROP COLUMN x").IsAdditive();
        JudgePath("CREATE TABLE a (x int); DROP TABLE a", "ALTER TABLE a DROP COLUMN x").Is(Verdict.Breaking, "drop-column");
    }

    [Fact]
    public void A_migration_that_commits_in_parts_says_so() =>
        Assert.True(Judge("CREATE TABLE t (a int); COMMIT; CREATE INDEX CONCURRENTLY i ON t (a)").Revisions[0].CommitsInParts);
}
