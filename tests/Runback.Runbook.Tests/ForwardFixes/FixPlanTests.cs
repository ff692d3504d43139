using Runback.Runbook.ForwardFixes;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Changes;
using static Runback.Runbook.Tests.ForwardFixes.Planning;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.ForwardFixes;

public class FixPlanTests
{
    private const string Bookings =
        "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE customers (id int PRIMARY KEY);"
        + "CREATE TABLE bookings (id int PRIMARY KEY, status varchar(20) NOT NULL DEFAULT 'planned', note text, code text UNIQUE, n int DEFAULT 7, mood mood)";

    [Theory]
    [InlineData("ALTER TABLE bookings RENAME status TO state", "adds status beside state, fills it, and keeps both in step whichever is written")]
    [InlineData("ALTER TABLE bookings DROP note", "adds note (text) again, nullable")]
    [InlineData("ALTER TABLE bookings DROP status", "adds status (varchar(20)) again, nullable, with its default 'planned'")]
    [InlineData("DROP TABLE bookings", "creates bookings again, empty")]
    [InlineData("ALTER TABLE bookings RENAME TO visits", "creates bookings as a view of visits that can be written to")]
    [InlineData("ALTER TABLE bookings ALTER note SET NOT NULL", "lets note be NULL")]
    [InlineData("ALTER TABLE bookings ADD room int NOT NULL", "lets room be NULL")]
    [InlineData("ALTER TABLE bookings ALTER n DROP DEFAULT", "sets its default 7 again")]
    [InlineData("ALTER TABLE bookings ADD CONSTRAINT u UNIQUE (note)", "drops the constraint u of bookings")]
    [InlineData("CREATE UNIQUE INDEX u ON bookings (note)", "drops the unique index u")]
    [InlineData("ALTER TABLE bookings ADD CONSTRAINT c CHECK (n > 3)", "drops the constraint c of bookings")]
    [InlineData("ALTER TABLE bookings ADD CONSTRAINT f FOREIGN KEY (n) REFERENCES customers", "drops the constraint f of bookings")]
    [InlineData("ALTER TABLE bookings DROP CONSTRAINT bookings_code_key", "adds the constraint bookings_code_key of bookings again")]
    public void Each_breaking_change_that_a_migration_can_answer_is_answered_by_one_step(string kept, string does)
    {
        var plan = Plan(Bookings, kept);
        var step = Assert.Single(plan.Steps);
        Assert.Equal(does, step.Does);
        Assert.NotEmpty(step.Answers);
        Assert.True(plan.IsComplete);
        Assert.NotEmpty(step.Upgrade);
        Assert.NotEmpty(step.Downgrade);
    }

    [Theory]
    [InlineData("CREATE VIEW v AS SELECT id, note\n FROM bookings", "DROP VIEW v", "DROP VIEW v")]
    [InlineData("CREATE OR REPLACE FUNCTION f(a int DEFAULT 1) RETURNS int LANGUAGE sql AS $$ SELECT a::int $$", "DROP FUNCTION f(int)", "DROP FUNCTION f")]
    public void A_dropped_view_or_function_is_made_again_as_the_history_made_it(string made, string kept, string undone)
    {
        var plan = Plan(Bookings + "; " + made, kept);
        var step = Assert.Single(plan.Steps);
        Assert.True(plan.IsComplete);
        Assert.Equal([RunSql.Of(made)], step.Upgrade);
        Assert.Equal([RunSql.Of(undone)], step.Downgrade);
        Assert.DoesNotContain(ReadAgain(plan, Bookings + "; " + made, kept).Reasons, reason => reason.Rule == "not-understood");
    }

    [Theory]
    [InlineData("UPDATE bookings SET note = 'x'", "update-rows")]
    [InlineData("DELETE FROM bookings", "delete-rows")]
    [InlineData("ALTER TABLE bookings ALTER note TYPE int USING note::int", "change-column-type")]
    [InlineData("DO $$ BEGIN END $$", "not-understood")]
    [InlineData("CREATE TRIGGER t BEFORE UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION f()", "add-guard")]
    [InlineData("ALTER TABLE bookings ENABLE ROW LEVEL SECURITY", "row-level-security")]
    [InlineData("ALTER TYPE mood RENAME VALUE 'bad' TO 'sad'", "remove-enum-label")]
    [InlineData("DROP VIEW v", "drop-view")]
    [InlineData("ALTER TABLE other DROP c", "drop-column")]
    [InlineData("DROP TABLE other", "drop-table")]
    public void What_it_cannot_answer_stays_with_what_a_person_must_do(string kept, string rule)
    {
        var plan = Plan(Bookings, kept + "; ALTER TABLE bookings DROP code");
        Assert.False(plan.IsComplete);
        var left = Assert.Single(plan.Remaining);
        Assert.Equal(rule, left.Reason.Rule);
        Assert.True(left.Why.Length > 10 && left.Todo.Length > 10);
        Assert.Contains(plan.Steps, step => step.Subject == "bookings.code");
    }

    [Fact]
    public void A_column_renamed_twice_gets_its_first_name_beside_its_last_one()
    {
        var path = new[] { Script("b", "a", "ALTER TABLE bookings RENAME status TO state"), Script("c", "b", "ALTER TABLE bookings RENAME TO visits; ALTER TABLE visits RENAME state TO stage") };
        var plan = FixPlan.For(VerdictOfPath.Assess(path, [Script("a", null, Bookings)]), [Script("a", null, Bookings)]);
        Assert.Equal(["visits.status", "bookings"], plan.Steps.Select(step => step.Subject));
        Assert.Equal(2, plan.Steps[0].Answers.Count);
        Assert.Equal("adds status beside stage, fills it, and keeps both in step whichever is written", plan.Steps[0].Does);
        Assert.True(plan.IsComplete);
    }

    [Fact]
    public void A_column_that_got_its_name_back_needs_nothing()
    {
        var plan = Plan(Bookings, "ALTER TABLE bookings RENAME status TO state; ALTER TABLE bookings RENAME state TO status");
        Assert.Empty(plan.Steps);
        Assert.True(plan.IsComplete);
    }

    [Fact]
    public void A_column_that_was_renamed_and_then_dropped_comes_back_under_the_name_that_old_code_says()
    {
        var plan = Plan(Bookings, "ALTER TABLE bookings RENAME note TO remark; ALTER TABLE bookings DROP remark");
        Assert.Equal(new AddColumn(ObjectName.Of("bookings"), "note", "text"), Assert.Single(Assert.Single(plan.Steps).Upgrade));
        Assert.True(plan.IsComplete);
    }

    [Fact]
    public void A_renamed_column_whose_type_changed_too_is_left_to_a_person()
    {
        var plan = Plan(Bookings, "ALTER TABLE bookings RENAME n TO amount; ALTER TABLE bookings ALTER amount TYPE text USING amount::text");
        Assert.Empty(plan.Steps);
        Assert.Equal(["change-column-type", "rename-column"], plan.Remaining.Select(left => left.Reason.Rule).Order());
    }

    [Fact]
    public void A_unique_column_is_unique_under_its_old_name_too()
    {
        var plan = Plan(Bookings, "ALTER TABLE bookings RENAME code TO number");
        Assert.Equal(["bookings.code", "bookings (code)"], plan.Steps.Select(step => step.Subject));
        Assert.Equal(RunSql.Of("CREATE UNIQUE INDEX runback_bookings_code ON bookings (code)"), plan.Steps[1].Upgrade[0]);
    }

    [Fact]
    public void An_enum_that_was_built_again_without_a_label_gets_it_back()
    {
        var plan = Plan(Bookings, "ALTER TABLE bookings DROP mood; DROP TYPE mood; CREATE TYPE mood AS ENUM ('good', 'great')");
        Assert.Contains(plan.Steps, step => step.Does == "adds the label 'bad' to mood again");
        Assert.DoesNotContain(plan.Steps, step => step.Does.StartsWith("creates the enum", StringComparison.Ordinal));
    }

    [Fact]
    public void The_database_is_asked_before_the_files()
    {
        var bookings = new RelationFacts(ObjectName.Of("bookings"), RelationKind.Table,
            [new ColumnSpec("state", "character varying(30)"), new ColumnSpec("status", "character varying(20)")], [], ["touch"]);
        var facts = new CatalogFacts([bookings], [], [], []);
        var before = Script("a", null, Bookings);
        FixPlan With(CatalogFacts kept) => FixPlan.For(JudgeAfter(Bookings, "ALTER TABLE bookings RENAME status TO state"), [before], kept);
        Assert.Empty(With(facts).Steps);
        var step = Assert.Single(With(new CatalogFacts([bookings with { Columns = [bookings.Columns[0]] }], [], [], [])).Steps);
        Assert.Equal("character varying(30)", Assert.IsType<AddColumn>(step.Upgrade[0]).Type);
        Assert.Contains(step.Remarks, remark => remark.Contains("touch", StringComparison.Ordinal));
    }

    [Fact]
    public void Caution_is_noted_and_blocks_nothing()
    {
        var plan = Plan(Bookings + "; CREATE INDEX i ON bookings (n)", "DROP INDEX i");
        Assert.True(plan.IsComplete);
        Assert.Empty(plan.Steps);
        Assert.Contains("drop-index", Assert.Single(plan.Notes), StringComparison.Ordinal);
    }
}
