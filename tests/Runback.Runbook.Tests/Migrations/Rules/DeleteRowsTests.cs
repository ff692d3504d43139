using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DeleteRowsTests
{
    [Fact]
    public void Old_rows_deleted_is_breaking() =>
        Judge("DELETE FROM bookings WHERE id > 5").Is(Verdict.Breaking, "delete-rows");

    [Fact]
    public void An_emptied_table_is_breaking() =>
        Judge("TRUNCATE bookings RESTART IDENTITY").Is(Verdict.Breaking, "delete-rows");

    [Fact]
    public void In_a_WITH_clause_is_breaking() =>
        Judge("WITH gone AS (DELETE FROM bookings RETURNING id) SELECT id FROM gone").Is(Verdict.Breaking, "delete-rows");

    [Fact]
    public void Rows_of_a_new_table_is_additive() =>
        Judge("CREATE TABLE t (a int); DELETE FROM t").IsAdditive();
}
