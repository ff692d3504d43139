using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DropExtensionTests
{
    [Fact]
    public void A_dropped_extension_is_breaking() =>
        Judge("DROP EXTENSION IF EXISTS \"uuid-ossp\"").Is(Verdict.Breaking, "drop-extension");

    [Fact]
    public void A_new_extension_is_additive() =>
        Judge("CREATE EXTENSION IF NOT EXISTS pg_trgm").IsAdditive();
}
