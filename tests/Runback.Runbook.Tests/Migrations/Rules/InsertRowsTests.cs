using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class InsertRowsTests
{
    [Fact]
    public void Old_table_is_for_caution() =>
        Judge("INSERT INTO settings (k, v) VALUES ('a', 'b')").Is(Verdict.Caution, "insert-rows");

    [Fact]
    public void Copied_from_a_query_is_for_caution() =>
        Judge("INSERT INTO settings SELECT k, v FROM others ON CONFLICT DO NOTHING").Is(Verdict.Caution, "insert-rows");

    [Fact]
    public void Rows_of_a_new_table_is_additive() =>
        Judge("CREATE TABLE t (a int); INSERT INTO t (a) SELECT id FROM bookings").IsAdditive();
}
