using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class RenameColumnTests
{
    [Fact]
    public void A_renamed_column_is_breaking() =>
        Judge("ALTER TABLE bookings RENAME note TO remark").Is(Verdict.Breaking, "rename-column");

    [Fact]
    public void A_column_of_a_view_is_breaking() =>
        Judge("ALTER VIEW v RENAME COLUMN a TO b").Is(Verdict.Breaking, "rename-column");

    [Fact]
    public void A_column_of_the_same_path_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int; ALTER TABLE bookings RENAME COLUMN a TO b").IsAdditive();
}
