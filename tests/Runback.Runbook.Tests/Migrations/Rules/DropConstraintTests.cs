using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DropConstraintTests
{
    [Fact]
    public void A_constraint_of_the_same_path_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int CONSTRAINT c CHECK (a > 0); ALTER TABLE bookings DROP CONSTRAINT c").IsAdditive();

    [Theory]
    [InlineData("CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0))")]
    [InlineData("CREATE TABLE t (a int CONSTRAINT c REFERENCES u)")]
    public void A_dropped_check_or_foreign_key_is_for_caution(string before) =>
        JudgeAfter(before, "ALTER TABLE t DROP CONSTRAINT c").Is(Verdict.Caution, "drop-constraint");
}
