using Runback.Runbook.Migrations.Alembic;

namespace Runback.Runbook.Tests.Migrations.Alembic;

public sealed class IdentifierTests
{
    [Theory]
    [InlineData("down_revision = None", "")]
    [InlineData("down_revision = 'a'", "a")]
    [InlineData("down_revision: str | None = 'a'", "a")]
    [InlineData("down_revision: Union[str, Sequence[str], None] = ('a', 'b')", "a|b")]
    [InlineData("down_revision = ['a', 'b']", "a|b")]
    [InlineData("down_revision = ()", "")]
    [InlineData("PREVIOUS = 'a'\ndown_revision = PREVIOUS", "a")]
    public void Down_revisions_are_read_in_every_form(string line, string expected) =>
        Assert.Equal(expected.Split('|', StringSplitOptions.RemoveEmptyEntries), Migration.File($"revision: str = 'r'\n{line}\n").DownRevisions);

    [Fact]
    public void Dependencies_labels_and_the_title_are_read()
    {
        var script = Migration.File("\"\"\"add notes\n\nRevision ID: r\n\"\"\"\nrevision = 'r'\ndown_revision = None\ndepends_on = ('x', 'y')\nbranch_labels = 'main'\n");
        Assert.Equal(["x", "y"], script.DependsOn);
        Assert.Equal(["main"], script.BranchLabels);
        Assert.Equal("add notes", script.Title);
    }

    [Fact]
    public void A_file_without_a_revision_is_no_migration() => Assert.Null(MigrationReader.Read("env.py", "x = 1\n"));

    [Theory]
    [InlineData("revision = 'r'\n", "down_revision")]
    [InlineData("revision = make()\ndown_revision = None\n", "revision")]
    [InlineData("revision = 'r'\ndown_revision = find()\n", "down_revision")]
    [InlineData("revision = 'r'\ndown_revision = None\ndepends_on = find()\n", "depends_on")]
    public void Identifiers_that_cannot_be_read_are_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<MigrationFormatException>(() => MigrationReader.Read("a.py", text)).Message, StringComparison.Ordinal);
}
