using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DropTypeTests
{
    [Fact]
    public void A_dropped_type_is_breaking() =>
        Judge("DROP TYPE status").Is(Verdict.Breaking, "drop-type");

    [Fact]
    public void A_dropped_domain_is_breaking() =>
        Judge("DROP DOMAIN email").Is(Verdict.Breaking, "drop-type");

    [Fact]
    public void A_type_of_the_same_path_is_additive() =>
        Judge("CREATE TYPE s AS ENUM ('a'); DROP TYPE s").IsAdditive();
}
