using Runback.Runbook.ForwardFixes;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Runs;
using static Runback.Runbook.Tests.ForwardFixes.Planning;

namespace Runback.Runbook.Tests.ForwardFixes;

public class FixMigrationTests
{
    private const string Before = "CREATE TABLE bookings (id int PRIMARY KEY, status varchar(20) NOT NULL DEFAULT 'planned', access_notes text)";
    private const string Kept = "ALTER TABLE bookings RENAME status TO state; ALTER TABLE bookings DROP access_notes";

    [Fact]
    public void It_keeps_the_header_and_fills_both_bodies()
    {
        var filled = FixMigration.Fill(Fresh, Plan(Before, Kept));
        Assert.StartsWith(Fresh[..Fresh.IndexOf("    pass", StringComparison.Ordinal)], filled, StringComparison.Ordinal);
        Assert.Contains("    op.add_column(\"bookings\", sa.Column(\"status\", sa.String(20), nullable=True))\n", filled, StringComparison.Ordinal);
        Assert.Contains("    op.execute(\"UPDATE bookings SET status = state\")\n", filled, StringComparison.Ordinal);
        Assert.EndsWith(
            """"
                """Undo it."""
                op.drop_column("bookings", "access_notes")
                op.execute("DROP TRIGGER runback_in_step_status ON bookings")
                op.execute("DROP FUNCTION runback_in_step_bookings_status()")
                op.drop_column("bookings", "status")

            """", filled, StringComparison.Ordinal);
        Assert.DoesNotContain("pass", filled, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bookings", "status", "state")]
    [InlineData("Booking Table", "Status", "STATE")]
    [InlineData("order", "select", "new")]
    [InlineData("""a""b""", """x"y""z""", """it's "new" """)]
    [InlineData("a:b", ":status", "a::b :c")]
    [InlineData("per%cent", "%(x)s", "100%")]
    [InlineData("back\\slash", "\\:x", "\\")]
    [InlineData("line\nbreak", "tab\t", "cr\r\n")]
    [InlineData("$runback$", "$$", "$runback1$")]
    [InlineData("Zürich", "größe", "数量")]
    [InlineData("\"\"\"", "'''", "\"\"\" + x + \"\"\"")]
    [InlineData("a_table_with_a_name_that_is_as_long_as_postgresql_allows_0123456", "a_column_with_a_name_that_is_as_long_as_postgresql_allows_012345", "x")]
    public void Whatever_the_names_what_it_writes_is_read_again_as_what_was_planned(string table, string old, string now)
    {
        static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
        var before = $"CREATE TABLE {Quote(table)} (id int PRIMARY KEY, {Quote(old)} varchar(20), note text)";
        var kept = $"ALTER TABLE {Quote(table)} RENAME {Quote(old)} TO {Quote(now)}; ALTER TABLE {Quote(table)} DROP note";
        var plan = Plan(before, kept);
        Assert.True(plan.IsComplete);

        var script = Read(plan);
        var name = ObjectName.Of(table);
        Assert.Contains(script.Upgrade, change => change is ColumnAdded { Column.Type: "varchar(20)" } added && added.Table == name && added.Column.Name == old);
        Assert.Contains(script.Upgrade, change => change is RowsUpdated updated && updated.Table == name && updated.Columns.SequenceEqual([old]));
        Assert.Contains(script.Upgrade, change => change is TriggerCreated created && created.Table == name);
        Assert.Contains(script.Downgrade, change => change is ColumnDropped dropped && dropped.Table == name && dropped.Column == old);
        var again = ReadAgain(plan, before, kept);
        Assert.Equal(Verdict.Caution, again.Verdict);
        Assert.DoesNotContain(again.Reasons, reason => reason.Rule == "not-understood");
    }

    [Fact]
    public void A_fix_that_does_nothing_keeps_a_body_that_does_nothing()
    {
        var script = Read(new FixPlan([], [], []));
        Assert.Empty(script.Upgrade);
        Assert.Empty(script.Downgrade);
    }

    [Theory]
    [InlineData("    pass\n\n\ndef downgrade", "    op.f()\n\n\ndef downgrade", "already does something")]
    [InlineData("def upgrade()", "def upgrade(engine)", "already does something")]
    [InlineData("def upgrade()", "def up()", "expected a function upgrade()")]
    [InlineData("from alembic import op\n", "", "import op from alembic")]
    [InlineData("def upgrade()", "def upgrade(", "expected Python")]
    public void A_file_that_it_cannot_fill_is_refused_with_the_reason(string part, string instead, string reason)
    {
        var refused = Assert.Throws<RunbookException>(() => FixMigration.Fill(Fresh.ReplaceLineEndings("\n").Replace(part, instead, StringComparison.Ordinal), Plan(Before, Kept)));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.NotNull(refused.Hint);
    }

    [Fact]
    public void Without_sqlalchemy_in_the_file_columns_are_added_by_SQL() =>
        Assert.Contains("op.execute(\"ALTER TABLE bookings ADD COLUMN access_notes text\")",
            FixMigration.Fill(Fresh.Replace("import sqlalchemy as sa\n", "", StringComparison.Ordinal), Plan(Before, Kept)), StringComparison.Ordinal);

    [Theory]
    [InlineData("a::text", "a::text")]
    [InlineData("x := y", "x := y")]
    [InlineData("' :name '", "' \\:name '")]
    [InlineData("'\\:name'", "'\\\\:name'")]
    [InlineData("'12:30'", "'12:30'")]
    [InlineData("':a:'", "':a:'")]
    public void A_colon_is_escaped_only_where_sqlalchemy_would_take_it_for_a_parameter(string sql, string text) => Assert.Equal(text, PythonText.ForText(sql));

    [Fact]
    public void What_is_not_covered_stands_in_the_file()
    {
        var filled = FixMigration.Fill(Fresh, Plan(Before, Kept + "; DELETE FROM bookings"));
        Assert.Contains("    # Not covered: bookings (delete-rows): ", filled, StringComparison.Ordinal);
    }
}
