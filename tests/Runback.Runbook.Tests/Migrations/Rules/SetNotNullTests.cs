using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class SetNotNullTests
{
    [Fact]
    public void NOT_NULL_on_an_old_column_is_breaking() =>
        Judge("ALTER TABLE bookings ALTER COLUMN note SET NOT NULL").Is(Verdict.Breaking, "set-not-null");

    [Fact]
    public void A_new_column_with_a_default_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int DEFAULT 1; ALTER TABLE bookings ALTER a SET NOT NULL").IsAdditive();
}
