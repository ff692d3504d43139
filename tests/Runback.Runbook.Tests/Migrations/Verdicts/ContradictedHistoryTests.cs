using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Alembic;
using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Tests.Migrations.Verdicts;

/// <summary>What a migration says of what was there is believed only where the migrations before it don't tell.</summary>
public class ContradictedHistoryTests
{
    private const string Table = "op.create_table('t', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('code', sa.String(200)), sa.Column('n', sa.Integer()))";

    [Theory]
    [InlineData("op.alter_column('t', 'code', existing_type=sa.String(20), type_=sa.String(50))")]
    [InlineData("op.alter_column('t', 'code', existing_type=sa.String(20), type_=sa.Text())")]
    [InlineData("op.alter_column('t', 'code', existing_type=sa.String(), type_=sa.String(50))")]
    [InlineData("op.alter_column('t', 'n', existing_type=sa.SmallInteger(), type_=sa.Integer())")]
    [InlineData("op.alter_column('t', 'n', existing_type=sa.SmallInteger(), type_=sa.BigInteger())")]
    [InlineData("op.alter_column('t', 'n', existing_type=sa.String(20), type_=sa.Text(), postgresql_using='n')")]
    [InlineData("with op.batch_alter_table('t') as b: b.alter_column('code', existing_type=sa.String(20), type_=sa.String(50))")]
    [InlineData("op.alter_column('t', 'code', existing_type=sa.String(20), type_=sa.String(50), new_column_name='code')")]
    public void A_type_that_contradicts_the_history_is_breaking(string upgrade)
    {
        var path = Judge(Table, upgrade);
        Assert.Contains("change-column-type", path.Reasons.Select(reason => reason.Rule));
        Assert.Equal(Verdict.Breaking, path.Verdict);
    }

    [Theory]
    [InlineData("op.alter_column('t', 'code', existing_type=sa.String(200), type_=sa.String(300))")]
    [InlineData("op.alter_column('t', 'code', existing_type=sa.VARCHAR(), type_=sa.String(300))")]
    [InlineData("op.alter_column('t', 'code', type_=sa.Text())")]
    [InlineData("op.alter_column('t', 'n', existing_type=sa.INTEGER(), type_=sa.BigInteger())")]
    public void A_widening_by_the_history_is_for_caution(string upgrade) => Assert.Equal(Verdict.Caution, Judge(Table, upgrade).Verdict);

    [Fact]
    public void Without_a_history_the_migration_is_believed() => Assert.Equal(
        Verdict.Caution, VerdictOfPath.Assess([Script("b", "a", "op.alter_column('t', 'code', existing_type=sa.String(20), type_=sa.String(50))")]).Verdict);

    [Theory]
    [InlineData("sa.UniqueConstraint('code', name='c')", "check")]
    [InlineData("sa.UniqueConstraint('code', name='c')", "foreignkey")]
    [InlineData("sa.CheckConstraint('n > 0', name='c')", "foreignkey")]
    [InlineData("sa.PrimaryKeyConstraint('code', name='c')", "check")]
    public void A_constraint_s_kind_that_contradicts_the_history_is_breaking(string made, string said) => Assert.Equal(
        Verdict.Breaking, Judge($"op.create_table('t', sa.Column('code', sa.String(200)), sa.Column('n', sa.Integer()), {made})", $"op.drop_constraint('c', 't', type_='{said}')").Verdict);

    [Fact]
    public void An_index_belongs_to_the_table_that_the_history_made_it_for()
    {
        var before = Table + "\nop.create_index('i', 't', ['code'], unique=True)";
        Assert.Equal(Verdict.Breaking, Judge(before, "op.create_table('u', sa.Column('id', sa.Integer()))\nop.drop_index('i', table_name='u')").Verdict);
        Assert.Equal(Verdict.Breaking, Judge(before, "if sa.inspect(op.get_bind()).has_table('x'): op.create_index('i', 't', ['code'])\nop.drop_index('i', table_name='t')").Verdict);
    }

    [Fact]
    public void A_constraint_that_may_have_been_made_again_is_still_the_one_of_the_history()
    {
        var before = "op.create_table('t', sa.Column('code', sa.String(200)), sa.UniqueConstraint('code', name='c'))";
        Assert.Equal(Verdict.Breaking, Judge(before, "if sa.inspect(op.get_bind()).has_table('x'): op.create_check_constraint('c', 't', 'code > 0')\nop.drop_constraint('c', 't')").Verdict);
    }

    [Fact]
    public void A_downgrade_s_loss_is_told_by_the_history()
    {
        var path = Judge(Table, "op.alter_column('t', 'n', nullable=True)", "op.alter_column('t', 'code', existing_type=sa.String(20), type_=sa.String(50))");
        Assert.Equal(DowngradeKind.Lossy, path.Revisions[0].Downgrade.Kind);
    }

    private static PathAssessment Judge(string before, string upgrade, string downgrade = "pass") =>
        VerdictOfPath.Assess([Script("b", "a", upgrade, downgrade)], [Script("a", null, before)]);

    private static MigrationScript Script(string revision, string? down, string upgrade, string downgrade = "pass") => MigrationReader.Read(
        $"{revision}.py",
        $"from alembic import op\nimport sqlalchemy as sa\nrevision = '{revision}'\ndown_revision = {(down is null ? "None" : $"'{down}'")}\n\ndef upgrade():\n{Indented(upgrade)}\n\ndef downgrade():\n{Indented(downgrade)}\n")!;

    private static string Indented(string body) => string.Join('\n', body.Split('\n').Select(line => "    " + line));
}
