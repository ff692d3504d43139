using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class AlterObjectTests
{
    [Fact]
    public void A_function_is_for_caution() =>
        Judge("ALTER FUNCTION f(int) SECURITY DEFINER").Is(Verdict.Caution, "alter-object");

    [Fact]
    public void A_sequence_is_for_caution() =>
        Judge("ALTER SEQUENCE s INCREMENT BY 5").Is(Verdict.Caution, "alter-object");

    [Fact]
    public void An_extension_is_for_caution() =>
        Judge("ALTER EXTENSION postgis UPDATE").Is(Verdict.Caution, "alter-object");

    [Fact]
    public void A_refreshed_view_is_for_caution() =>
        Judge("REFRESH MATERIALIZED VIEW CONCURRENTLY totals").Is(Verdict.Caution, "alter-object");

    [Fact]
    public void A_table_without_its_log_is_for_caution() =>
        Judge("ALTER TABLE bookings SET UNLOGGED").Is(Verdict.Caution, "alter-object");

    [Fact]
    public void A_storage_option_is_additive() =>
        Judge("ALTER TABLE bookings SET (fillfactor = 70), ALTER note SET STATISTICS -1, CLUSTER ON i").IsAdditive();
}
