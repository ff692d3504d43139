using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DropDefaultTests
{
    [Fact]
    public void A_default_removed_is_breaking() =>
        Judge("ALTER TABLE bookings ALTER COLUMN status DROP DEFAULT").Is(Verdict.Breaking, "drop-default");

    [Fact]
    public void A_new_nullable_column_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int DEFAULT 1; ALTER TABLE bookings ALTER a DROP DEFAULT").IsAdditive();
}
