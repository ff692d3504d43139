using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class AddPolicyTests
{
    [Fact]
    public void A_permissive_policy_is_for_caution() =>
        Judge("CREATE POLICY p ON bookings FOR SELECT TO app USING (true)").Is(Verdict.Caution, "add-policy");

    [Fact]
    public void A_new_table_is_additive() =>
        Judge("CREATE TABLE t (a int); CREATE POLICY p ON t USING (a = current_setting('x')::int)").IsAdditive();
}
