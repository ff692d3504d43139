using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DropSchemaTests
{
    [Fact]
    public void A_dropped_schema_is_breaking() =>
        Judge("DROP SCHEMA crm CASCADE").Is(Verdict.Breaking, "drop-schema");

    [Fact]
    public void A_schema_of_the_same_path_is_additive() =>
        Judge("CREATE SCHEMA s; DROP SCHEMA s").IsAdditive();
}
