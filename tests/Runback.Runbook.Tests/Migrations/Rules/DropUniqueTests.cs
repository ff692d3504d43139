using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DropUniqueTests
{
    [Fact]
    public void An_index_that_may_be_unique_is_breaking() =>
        Judge("DROP INDEX CONCURRENTLY IF EXISTS i").Is(Verdict.Breaking, "drop-unique");

    [Fact]
    public void A_constraint_that_may_be_unique_is_breaking() =>
        Judge("ALTER TABLE bookings DROP CONSTRAINT c CASCADE").Is(Verdict.Breaking, "drop-unique");

    [Fact]
    public void An_index_of_the_same_path_is_additive() =>
        Judge("CREATE INDEX i ON bookings (note); DROP INDEX i").IsAdditive();

    [Theory]
    [InlineData("CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a)", "DROP INDEX i")]
    [InlineData("CREATE TABLE t (a int UNIQUE)", "ALTER TABLE t DROP CONSTRAINT t_a_key")]
    public void What_kept_rows_unique_is_breaking(string before, string sql) =>
        JudgeAfter(before, sql).Is(Verdict.Breaking, "drop-unique");
}
