using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class WidenColumnTypeTests
{
    [Theory]
    [InlineData("varchar(40)", "varchar(80)")]
    [InlineData("character varying(40)", "text")]
    [InlineData("int", "bigint")]
    [InlineData("numeric(10, 2)", "numeric(12, 2)")]
    [InlineData("real", "double precision")]
    public void A_type_that_holds_every_old_value_is_for_caution(string from, string to) =>
        JudgeAfter($"CREATE TABLE t (a {from})", $"ALTER TABLE t ALTER a TYPE {to}").Is(Verdict.Caution, "widen-column-type");

    [Fact]
    public void A_widening_that_computes_its_values_is_breaking() =>
        JudgeAfter("CREATE TABLE t (a varchar(4))", "ALTER TABLE t ALTER a TYPE text USING upper(a)").Is(Verdict.Breaking, "change-column-type");

    [Fact]
    public void Room_for_longer_revision_ids_is_additive() =>
        Judge("ALTER TABLE alembic_version ALTER COLUMN version_num TYPE varchar(64)").IsAdditive();
}
