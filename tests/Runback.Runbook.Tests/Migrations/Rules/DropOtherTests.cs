using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DropOtherTests
{
    [Fact]
    public void A_dropped_role_is_breaking() =>
        Judge("DROP ROLE reader").Is(Verdict.Breaking, "drop-other-object");

    [Fact]
    public void A_dropped_publication_is_breaking() =>
        Judge("DROP PUBLICATION feed").Is(Verdict.Breaking, "drop-other-object");

    [Fact]
    public void A_new_role_is_additive() =>
        Judge("CREATE ROLE reader").IsAdditive();
}
