using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class AlterTypeTests
{
    [Fact]
    public void An_attribute_is_breaking() =>
        Judge("ALTER TYPE address DROP ATTRIBUTE zip").Is(Verdict.Breaking, "alter-type");

    [Fact]
    public void A_domain_is_breaking() =>
        Judge("ALTER DOMAIN email SET NOT NULL").Is(Verdict.Breaking, "alter-type");

    [Fact]
    public void A_role_is_breaking() =>
        Judge("ALTER ROLE app NOLOGIN").Is(Verdict.Breaking, "alter-type");

    [Fact]
    public void A_new_type_is_additive() =>
        Judge("CREATE TYPE a AS (b int); ALTER TYPE a ADD ATTRIBUTE c int").IsAdditive();
}
