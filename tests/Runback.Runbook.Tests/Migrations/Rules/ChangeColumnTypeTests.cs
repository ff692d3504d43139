using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class ChangeColumnTypeTests
{
    [Fact]
    public void A_changed_type_is_breaking() =>
        Judge("ALTER TABLE bookings ALTER COLUMN price TYPE text USING price::text").Is(Verdict.Breaking, "change-column-type");

    [Fact]
    public void A_type_whose_former_one_is_not_known_is_breaking() =>
        Judge("ALTER TABLE bookings ALTER note SET DATA TYPE varchar(200)").Is(Verdict.Breaking, "change-column-type");

    [Fact]
    public void A_column_of_the_same_path_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int; ALTER TABLE bookings ALTER COLUMN a TYPE text").IsAdditive();

    [Theory]
    [InlineData("varchar(40)", "varchar(20)")]
    [InlineData("text", "varchar(20)")]
    [InlineData("bigint", "int")]
    [InlineData("int", "text")]
    [InlineData("numeric(10, 2)", "numeric(10, 4)")]
    [InlineData("timestamp", "timestamptz")]
    [InlineData("int", "int[]")]
    public void A_type_that_does_not_hold_every_old_value_is_breaking(string from, string to) =>
        JudgeAfter($"CREATE TABLE t (a {from})", $"ALTER TABLE t ALTER a TYPE {to}").Is(Verdict.Breaking, "change-column-type");
}
