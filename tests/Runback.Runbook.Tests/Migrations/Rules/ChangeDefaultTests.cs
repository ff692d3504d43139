using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class ChangeDefaultTests
{
    [Fact]
    public void A_default_changed_is_for_caution() =>
        Judge("ALTER TABLE bookings ALTER COLUMN status SET DEFAULT 'new'").Is(Verdict.Caution, "change-default");

    [Fact]
    public void A_new_column_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int; ALTER TABLE bookings ALTER a SET DEFAULT 1").IsAdditive();
}
