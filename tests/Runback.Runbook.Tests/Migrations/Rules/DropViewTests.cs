using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DropViewTests
{
    [Fact]
    public void A_dropped_view_is_breaking() =>
        Judge("DROP VIEW open_bookings").Is(Verdict.Breaking, "drop-view");

    [Fact]
    public void A_dropped_materialized_view_is_breaking() =>
        Judge("DROP MATERIALIZED VIEW totals").Is(Verdict.Breaking, "drop-view");

    [Fact]
    public void A_view_that_is_made_again_is_breaking() =>
        Judge("DROP VIEW v; CREATE VIEW v AS SELECT 1").Is(Verdict.Breaking, "drop-view");

    [Fact]
    public void A_view_of_the_same_path_is_additive() =>
        Judge("CREATE VIEW v AS SELECT 1; DROP VIEW v").IsAdditive();
}
