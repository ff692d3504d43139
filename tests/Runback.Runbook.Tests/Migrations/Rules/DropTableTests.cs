using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DropTableTests
{
    [Fact]
    public void A_dropped_table_is_breaking() =>
        Judge("DROP TABLE bookings").Is(Verdict.Breaking, "drop-table");

    [Fact]
    public void A_table_dropped_if_it_is_there_is_breaking() =>
        Judge("DROP TABLE IF EXISTS crm.bookings, invoices CASCADE").Is(Verdict.Breaking, "drop-table");

    [Fact]
    public void A_table_of_the_same_path_is_additive() =>
        Judge("CREATE TABLE scratch (id int); DROP TABLE scratch").IsAdditive();
}
