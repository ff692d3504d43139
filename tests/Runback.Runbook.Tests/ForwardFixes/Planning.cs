using Runback.Runbook.ForwardFixes;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Alembic;
using Runback.Runbook.Migrations.Changes;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.ForwardFixes;

/// <summary>Plans fixes for migrations that are written as SQL, and reads the written fix again.</summary>
internal static class Planning
{
    /// <summary>What <c>alembic revision</c> makes from the lab's template.</summary>
    public const string Fresh =
        """"
        """fix

        Revision ID: f1x
        Revises: b
        """

        import sqlalchemy as sa
        from alembic import op

        revision = "f1x"
        down_revision = "b"
        branch_labels = None
        depends_on = None


        def upgrade() -> None:
            pass


        def downgrade() -> None:
            """Undo it."""
            pass

        """";

    /// <summary>The fix for one migration on a schema that exactly this SQL made.</summary>
    public static FixPlan Plan(string before, string kept) => FixPlan.For(JudgeAfter(before, kept), [Script("a", null, before)]);

    /// <summary>The fix that a plan writes, judged by the reader on the schema that it is applied to.</summary>
    public static PathAssessment ReadAgain(FixPlan plan, string before, string kept) =>
        VerdictOfPath.Assess([Read(plan)], [Script("a", null, before), Script("b", "a", kept)]);

    public static MigrationScript Read(FixPlan plan) => MigrationReader.Read("fix.py", FixMigration.Fill(Fresh, plan))!;
}
