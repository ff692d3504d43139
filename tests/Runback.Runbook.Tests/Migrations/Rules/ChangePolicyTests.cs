using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class ChangePolicyTests
{
    [Fact]
    public void A_restrictive_policy_is_breaking() =>
        Judge("CREATE POLICY p ON bookings AS RESTRICTIVE USING (false)").Is(Verdict.Breaking, "change-policy");

    [Fact]
    public void A_dropped_policy_is_breaking() =>
        Judge("DROP POLICY IF EXISTS p ON bookings").Is(Verdict.Breaking, "change-policy");

    [Fact]
    public void An_altered_policy_is_breaking() =>
        Judge("ALTER POLICY p ON bookings USING (false)").Is(Verdict.Breaking, "change-policy");

    [Fact]
    public void A_new_table_is_additive() =>
        Judge("CREATE TABLE t (a int); CREATE POLICY p ON t AS RESTRICTIVE USING (false); DROP POLICY p ON t").IsAdditive();
}
