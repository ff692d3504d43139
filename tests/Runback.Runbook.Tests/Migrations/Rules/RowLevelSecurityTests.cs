using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class RowLevelSecurityTests
{
    [Fact]
    public void Enabled_is_breaking() =>
        Judge("ALTER TABLE bookings ENABLE ROW LEVEL SECURITY").Is(Verdict.Breaking, "row-level-security");

    [Fact]
    public void Forced_is_breaking() =>
        Judge("ALTER TABLE bookings FORCE ROW LEVEL SECURITY").Is(Verdict.Breaking, "row-level-security");

    [Fact]
    public void Disabled_is_breaking() =>
        Judge("ALTER TABLE bookings DISABLE ROW LEVEL SECURITY").Is(Verdict.Breaking, "row-level-security");

    [Fact]
    public void A_new_table_is_additive() =>
        Judge("CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY").IsAdditive();
}
