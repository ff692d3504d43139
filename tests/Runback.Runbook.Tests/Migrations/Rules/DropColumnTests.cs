using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DropColumnTests
{
    [Fact]
    public void A_dropped_column_is_breaking() =>
        Judge("ALTER TABLE bookings DROP COLUMN note").Is(Verdict.Breaking, "drop-column");

    [Fact]
    public void Among_other_actions_is_breaking() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int, DROP note").Is(Verdict.Breaking, "drop-column");

    [Fact]
    public void A_column_of_the_same_path_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int; ALTER TABLE bookings DROP COLUMN a").IsAdditive();
}
