using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class UpdateRowsTests
{
    [Fact]
    public void Old_rows_updated_is_breaking() =>
        Judge("UPDATE bookings SET status = 'x' WHERE id = 1").Is(Verdict.Breaking, "update-rows");

    [Fact]
    public void In_a_WITH_clause_is_breaking() =>
        Judge("WITH moved AS (UPDATE bookings AS b SET note = NULL FROM x WHERE x.id = b.id RETURNING b.id) SELECT id FROM moved").Is(Verdict.Breaking, "update-rows");

    [Fact]
    public void By_ON_CONFLICT_is_breaking() =>
        Judge("INSERT INTO settings (k, v) VALUES (1, 2) ON CONFLICT (k) DO UPDATE SET v = excluded.v").Is(Verdict.Breaking, "update-rows");

    [Fact]
    public void A_new_and_an_old_column_is_breaking() =>
        Judge("ALTER TABLE bookings ADD COLUMN a bool; UPDATE bookings SET a = b IS DISTINCT FROM c, note = 1").Is(Verdict.Breaking, "update-rows");

    [Fact]
    public void Rows_of_a_new_table_is_additive() =>
        Judge("CREATE TABLE t (a int); UPDATE t SET a = 2").IsAdditive();
}
