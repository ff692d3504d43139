using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class RenameTableTests
{
    [Fact]
    public void A_renamed_table_is_breaking() =>
        Judge("ALTER TABLE bookings RENAME TO visits").Is(Verdict.Breaking, "rename-table");

    [Fact]
    public void A_table_moved_to_another_schema_is_breaking() =>
        Judge("ALTER TABLE bookings SET SCHEMA crm").Is(Verdict.Breaking, "rename-table");

    [Fact]
    public void A_table_of_the_same_path_is_additive() =>
        Judge("CREATE TABLE a (id int); ALTER TABLE a RENAME TO b").IsAdditive();
}
