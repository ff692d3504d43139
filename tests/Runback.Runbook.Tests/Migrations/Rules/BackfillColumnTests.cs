using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class BackfillColumnTests
{
    [Fact]
    public void A_new_column_filled_is_for_caution() =>
        Judge("ALTER TABLE bookings ADD COLUMN a text; UPDATE bookings SET a = lower(note) WHERE a IS NULL").Is(Verdict.Caution, "backfill-column");

    [Fact]
    public void Two_at_once_is_for_caution() =>
        Judge("ALTER TABLE t ADD a int, ADD b int; UPDATE t SET (a, b) = (SELECT 1, 2)").Is(Verdict.Caution, "backfill-column");

    [Fact]
    public void Rows_of_a_new_table_is_additive() =>
        Judge("CREATE TABLE t (a int); UPDATE t SET a = 2").IsAdditive();
}
