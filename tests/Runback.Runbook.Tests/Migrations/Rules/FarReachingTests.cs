using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class FarReachingTests
{
    [Fact]
    public void A_publication_is_for_caution() =>
        Judge("CREATE PUBLICATION feed FOR ALL TABLES").Is(Verdict.Caution, "far-reaching-object");

    [Fact]
    public void A_cast_is_for_caution() =>
        Judge("CREATE CAST (int AS my) WITHOUT FUNCTION").Is(Verdict.Caution, "far-reaching-object");

    [Fact]
    public void An_operator_is_for_caution() =>
        Judge("CREATE OPERATOR = (LEFTARG = a, RIGHTARG = b, FUNCTION = f)").Is(Verdict.Caution, "far-reaching-object");

    [Fact]
    public void Statistics_is_additive() =>
        Judge("CREATE STATISTICS s (dependencies) ON a, b FROM bookings").IsAdditive();
}
