using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Assessment;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Migrations.Verdicts;

/// <summary>What an author allows is shown and calls for caution, never more and never unseen.</summary>
public sealed class AllowanceTests
{
    [Theory]
    [InlineData("    op.drop_column('t', 'a')  # runback: allow drop-column — nothing reads it")]
    [InlineData("    # runback: allow drop-column - nothing reads it\n    op.drop_column('t', 'a')")]
    [InlineData("    # runback: allow drop-index, drop-column: nothing reads it\n\n    op.drop_column(\n        't',\n        'a',\n    )")]
    [InlineData("    op.drop_column(\n        't',\n        'a',\n    )  #runback:allow drop-column -- nothing reads it")]
    [InlineData("# runback: allow drop-column – nothing reads it\n    op.drop_column('t', 'a')")]
    public void What_is_allowed_with_a_reason_is_for_caution_and_shown(string upgrade)
    {
        var assessment = Judge(upgrade);
        Assert.Equal(Verdict.Caution, assessment.Verdict);
        var reason = Assert.Single(assessment.Reasons);
        Assert.Equal("nothing reads it", reason.Allowed);
        Assert.Contains(AssessmentText.Lines(assessment), line => line.Contains("(allowed: nothing reads it)", StringComparison.Ordinal));
        Assert.Contains("\"allowed\": \"nothing reads it\"", AssessmentJson.Write(assessment), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("    op.drop_column('t', 'a')  # runback: allow drop-column")]
    [InlineData("    op.drop_column('t', 'a')  # runback: allow drop-table — nothing reads it")]
    [InlineData("    op.drop_column('t', 'a')\n    op.get_bind()  # runback: allow drop-column — nothing reads it")]
    [InlineData("    op.get_bind()  # runback: allow drop-column — nothing reads it\n    op.drop_column('t', 'a')")]
    [InlineData("    x = '''\n# runback: allow drop-column — nothing reads it\n'''\n    op.drop_column('t', 'a')")]
    [InlineData("    op.drop_column('t', 'a')  # allow drop-column — nothing reads it")]
    [InlineData("    op.drop_column('t', 'a')  # runback: allow drop-column — nothing reads it\n    op.drop_column('t', 'b')")]
    public void Anything_else_is_breaking(string upgrade) => Assert.Equal(Verdict.Breaking, Judge(upgrade).Verdict);

    [Fact]
    public void A_finding_about_the_end_of_a_migration_is_allowed_at_its_line() =>
        Assert.Equal(Verdict.Caution, Judge("    op.add_column('t', sa.Column('a', sa.Integer(), nullable=False))  # runback: allow add-required-column — filled by a trigger").Verdict);

    [Fact]
    public void What_was_not_understood_may_be_allowed_too() =>
        Assert.Equal(Verdict.Caution, Judge("    op.execute('CALL tidy()')  # runback: allow not-understood — only analyses").Verdict);

    [Fact]
    public void A_gate_s_list_allows_and_is_shown()
    {
        var assessment = OfflineAssessment.Judge(Graph("    op.drop_column('t', 'a')"), null, null, allowed: ["drop-column"]);
        Assert.Equal(Verdict.Caution, assessment.Verdict);
        Assert.Equal("by --allow", Assert.Single(assessment.Reasons).Allowed);
    }

    [Fact]
    public async Task A_rule_that_is_none_is_bad_usage()
    {
        var fault = await Assert.ThrowsAsync<RunbookException>(() => OfflineAssessment.RunAsync(["."], null, null, TestContext.Current.CancellationToken, ["drop-colum"]));
        Assert.Equal(Outcome.Usage, fault.Outcome);
    }

    [Fact]
    public void A_downgrade_s_losses_are_not_to_be_allowed()
    {
        var file = "from alembic import op\nrevision = 'a'\ndown_revision = None\n# runback: allow drop-column — x\n\ndef upgrade():\n    op.execute('CREATE INDEX i ON t (a)')\n\ndef downgrade():\n"
            + "    op.drop_column('t', 'a')  # runback: allow drop-column — x\n";
        Assert.Equal(DowngradeKind.Lossy, OfflineAssessment.Judge(RevisionGraph.Read([new SourceFile("a.py", file)]), null, null).Revisions[0].Downgrade.Kind);
    }

    private static PathAssessment Judge(string upgrade) => OfflineAssessment.Judge(Graph(upgrade), null, null);

    private static RevisionGraph Graph(string upgrade) => RevisionGraph.Read(
        [new SourceFile("versions/a.py", $"from alembic import op\nimport sqlalchemy as sa\nrevision = 'a'\ndown_revision = None\n\ndef upgrade():\n{upgrade}\n")]);
}
