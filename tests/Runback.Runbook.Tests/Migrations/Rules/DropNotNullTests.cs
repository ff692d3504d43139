using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DropNotNullTests
{
    [Fact]
    public void An_old_column_that_accepts_NULL_is_for_caution() =>
        Judge("ALTER TABLE bookings ALTER COLUMN note DROP NOT NULL").Is(Verdict.Caution, "drop-not-null");

    [Fact]
    public void A_new_column_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int NOT NULL; ALTER TABLE bookings ALTER a DROP NOT NULL").IsAdditive();
}
