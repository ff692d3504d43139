using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Verdicts;

public class VerdictOfDowngradeTests
{
    private static DowngradeKind Of(string upgrade, string downgrade) => VerdictOfDowngrade.Assess(Script("b", "a", upgrade, downgrade)).Kind;

    [Theory]
    [InlineData("CREATE INDEX i ON t (a)", "DROP INDEX i")]
    [InlineData("ALTER TABLE t RENAME a TO b", "ALTER TABLE t RENAME b TO a")]
    [InlineData("ALTER TABLE t ALTER a DROP NOT NULL", "ALTER TABLE t ALTER a SET NOT NULL")]
    [InlineData("CREATE INDEX i ON t (a)", "CREATE TABLE x (a int); DROP TABLE x; DROP INDEX i")]
    [InlineData("", "")]
    public void What_is_undone_without_loss_is_present(string upgrade, string downgrade) => Assert.Equal(DowngradeKind.Present, Of(upgrade, downgrade));

    [Theory]
    [InlineData("CREATE TABLE t (a int)", "DROP TABLE t")]
    [InlineData("ALTER TABLE t ADD a int", "ALTER TABLE t DROP a")]
    [InlineData("ALTER TABLE t DROP a", "ALTER TABLE t ADD a int")]
    [InlineData("UPDATE t SET a = 1", "UPDATE t SET a = 2")]
    [InlineData("INSERT INTO t VALUES (1)", "DELETE FROM t WHERE a = 1")]
    [InlineData("ALTER TABLE t ALTER a TYPE text", "ALTER TABLE t ALTER a TYPE varchar(9)")]
    [InlineData("CREATE INDEX i ON t (a)", "DO 'BEGIN END'")]
    public void What_loses_data_on_the_way_is_lossy(string upgrade, string downgrade) => Assert.Equal(DowngradeKind.Lossy, Of(upgrade, downgrade));

    [Fact]
    public void A_downgrade_that_does_nothing_is_missing() => Assert.Equal(DowngradeKind.Missing, Of("CREATE TABLE t (a int)", "SELECT 1"));

    [Fact]
    public void A_module_without_one_is_missing() =>
        Assert.Equal(DowngradeKind.Missing, VerdictOfDowngrade.Assess(Script("b", "a", "CREATE TABLE t (a int)") with { HasDowngrade = false }).Kind);

    [Fact]
    public void One_that_raises_names_its_line()
    {
        var downgrade = VerdictOfDowngrade.Assess(Script("b", "a", "CREATE TABLE t (a int)") with { DowngradeRaisesAtLine = 21 });
        Assert.Equal((DowngradeKind.Raises, 21), (downgrade.Kind, downgrade.At.Line));
    }
}
