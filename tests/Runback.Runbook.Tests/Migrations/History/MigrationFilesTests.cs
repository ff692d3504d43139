using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using Runback.Runbook.Migrations.Assessment;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Migrations.History;

public sealed class MigrationFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("runback-history-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Write(string path, string text)
    {
        var full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private string[] Read(params string[] folders) =>
        [.. MigrationFolders.Read(folders.Select(name => Path.Combine(folder, name))).Select(file => Path.GetRelativePath(folder, file.Path))];

    [Fact]
    public void A_version_folder_is_read_without_its_markers_and_caches()
    {
        Write("versions/a.py", "a");
        Write("versions/__init__.py", "");
        Write("versions/__pycache__/a.py", "");
        Write("versions/archive/old.py", "");
        Write("versions/note.txt", "");
        Assert.Equal(["versions/a.py"], Read("versions"));
    }

    [Fact]
    public void Alembics_root_stands_for_its_version_folder()
    {
        Write("alembic/env.py", "");
        Write("alembic/versions/a.py", "a");
        Assert.Equal(["alembic/versions/a.py"], Read("alembic"));
    }

    [Fact]
    public void Several_folders_are_read_each_file_once()
    {
        Write("one/a.py", "a");
        Write("two/b.py", "b");
        Assert.Equal(["one/a.py", "two/b.py"], Read("one", "two", "one"));
    }

    [Fact]
    public void A_folder_of_folders_is_read_through()
    {
        Write("versions/2024/a.py", "a");
        Write("versions/2025/b.py", "b");
        Assert.Equal(["versions/2024/a.py", "versions/2025/b.py"], Read("versions"));
    }

    [Fact]
    public void The_ini_file_says_where_versions_are()
    {
        Write("backend/alembic.ini", "[loggers]\nkeys = x\n[alembic]\n# here\nscript_location = %(here)s/db\nversion_locations = %(here)s/db/one\n    %(here)s/db/two\n");
        Write("backend/db/one/a.py", "a");
        Write("backend/db/two/b.py", "b");
        Assert.Equal(["backend/db/one/a.py", "backend/db/two/b.py"], Read("backend"));
        Assert.Equal(["backend/db/one/a.py", "backend/db/two/b.py"], Read("backend/alembic.ini"));
    }

    [Theory]
    [InlineData("alembic.ini", "[alembic]\nscript_location = alembic\nrecursive_version_locations = true\n")]
    [InlineData("alembic.ini", "[DEFAULT]\nrecursive_version_locations = true\nroot = %(here)s\n[alembic]\nscript_location = %(root)s/%(name)s\nname = alembic\n")]
    [InlineData("alembic.ini", "[one]\nscript_location = other\n[two]\nscript_location = %(here)s/alembic\nrecursive_version_locations = true\n")]
    [InlineData("alembic.ini", "[alembic]\nscript_location =\n    alembic\nrecursive_version_locations: true\n; end\n")]
    [InlineData("pyproject.toml", "[project]\nname = \"x\"\n\n[tool.alembic]\nscript_location = \"%(here)s/alembic\"  # here\nrecursive_version_locations = true\n")]
    [InlineData("pyproject.toml", "tool.alembic.script_location = 'alembic'\ntool.alembic.recursive_version_locations = true\n")]
    [InlineData("pyproject.toml", "[tool.alembic]\nversion_locations = [\n  '%(here)s/alembic/versions', # the only one\n]\nrecursive_version_locations = true\n")]
    public void The_configuration_above_a_version_folder_tells_how_it_is_read(string file, string text)
    {
        Write("backend/" + file, text);
        Write("backend/alembic/env.py", "");
        Write("backend/alembic/versions/a.py", "revision = 'a'\ndown_revision = None\n");
        Write("backend/alembic/versions/2026/old.py", "revision = 'o'\ndown_revision = None\n");
        string[] both = ["backend/alembic/versions/2026/old.py", "backend/alembic/versions/a.py"];
        Assert.Equal(both, Read("backend/alembic/versions"));
        Assert.Equal(both, Read("backend/alembic/versions/2026"));
        Assert.Equal(both, Read("backend/alembic"));
    }

    [Fact]
    public void What_the_ini_file_does_not_set_is_taken_from_pyproject()
    {
        Write("alembic.ini", "[alembic]\nsqlalchemy.url = x\n");
        Write("pyproject.toml", "[tool.alembic]\nscript_location = 'db'\nrecursive_version_locations = true\n");
        Write("db/versions/2026/b.py", "b");
        Write("db/versions/a.py", "a");
        Assert.Equal(["db/versions/2026/b.py", "db/versions/a.py"], Read(""));
        Write("alembic.ini", "[alembic]\nrecursive_version_locations = false\n");
        Assert.Equal(["db/versions/a.py"], Read(""));
    }

    [Fact]
    public void Without_a_configuration_what_goes_on_from_the_files_below_counts()
    {
        Write("versions/a.py", "revision: str = 'a'\ndown_revision: Union[str, None] = None\n");
        Write("versions/2026/b.py", "revision = 'b'\ndown_revision = (\n    'a',\n)\n");
        Write("versions/2026/08/c.py", "revision = 'c'\ndown_revision = 'b'\n");
        Write("versions/archive/old.py", "revision = 'o'\ndown_revision = None\n");
        Assert.Equal(["versions/2026/08/c.py", "versions/2026/b.py", "versions/a.py"], Read("versions").Order(StringComparer.Ordinal));
        Write("alembic.ini", "[alembic]\nscript_location = .\n");
        Assert.Equal(["versions/a.py"], Read("versions"));
    }

    [Fact]
    public void A_package_s_folder_is_found_where_the_package_is_and_nowhere_else()
    {
        Write("alembic.ini", "[alembic]\nscript_location = shop.db:migrations\n");
        Write("alembic/versions/wrong.py", "w");
        Write("migrations/versions/wrong.py", "w");
        Assert.Contains("the package shop.db", Assert.Throws<RunbookException>(() => Read("")).Message, StringComparison.Ordinal);
        Write("src/shop/db/migrations/versions/a.py", "a");
        Assert.Equal(["src/shop/db/migrations/versions/a.py"], Read(""));
        Write("lib/shop/db/migrations/versions/b.py", "b");
        Write("alembic.ini", "[alembic]\nprepend_sys_path = lib\nscript_location = shop.db:migrations\n");
        Assert.Equal(["lib/shop/db/migrations/versions/b.py"], Read("alembic.ini"));
        Write("alembic.ini", "[alembic]\nprepend_sys_path = lib\nscript_location = x\nversion_locations = shop.db:migrations:versions\n");
        Assert.Equal(["lib/shop/db/migrations/versions/b.py"], Read("alembic.ini"));
    }

    [Theory]
    [InlineData("[one]\nscript_location = a\n[two]\nscript_location = b\n", "[one], [two]")]
    [InlineData("[alembic]\nscript_location = %(nowhere)s/a\n", "the name nowhere")]
    [InlineData("[alembic]\nscript_location = 50% of it\n", "percent sign")]
    [InlineData("[alembic]\nscript_location = %(script_location)s\n", "without an end")]
    [InlineData("[alembic]\nscript_location = gone\n", "gone/versions")]
    public void A_configuration_that_does_not_tell_is_refused(string text, string found)
    {
        Write("alembic.ini", text);
        Write("alembic/versions/a.py", "a");
        var fault = Assert.Throws<RunbookException>(() => Read(""));
        Assert.Contains(found, fault.Message, StringComparison.Ordinal);
        Assert.Equal(Outcome.Usage, fault.Outcome);
    }

    [Fact]
    public void A_folder_without_a_migration_is_refused_also_beside_another_one()
    {
        Write("one/a.py", "a");
        Directory.CreateDirectory(Path.Combine(folder, "two"));
        Assert.Contains("two", Assert.Throws<RunbookException>(() => Read("one", "two")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compiled_migration_without_its_source_is_refused_where_Alembic_reads_it()
    {
        Write("alembic.ini", "[alembic]\nscript_location = db\n");
        Write("db/versions/a.py", "a");
        Write("db/versions/__pycache__/a.cpython-313.pyc", "");
        Write("db/versions/__pycache__/b.cpython-313.pyc", "");
        Assert.Equal(["db/versions/a.py"], Read(""));
        Write("alembic.ini", "[alembic]\nscript_location = db\nsourceless = true\n");
        Assert.Contains("b.cpython-313.pyc", Assert.Throws<RunbookException>(() => Read("")).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task An_assessment_of_nothing_is_no_verdict()
    {
        Write("alembic/versions/a1.py", "revision = 'a1'\ndown_revision = None\n\ndef upgrade(): pass\n");
        Write("alembic/versions/2026/b.py", "from alembic import op\nrevision = 'b2'\ndown_revision = 'a1'\n\ndef upgrade(): op.drop_table('t')\n");
        Write("alembic.ini", "[alembic]\nscript_location = alembic\nrecursive_version_locations = true\n");
        var token = TestContext.Current.CancellationToken;
        string[] versions = [Path.Combine(folder, "alembic", "versions")];
        var assessment = await OfflineAssessment.RunAsync(versions, "a1", null, token);
        Assert.Equal(Runback.Runbook.Migrations.Verdict.Breaking, assessment.Verdict);
        Write("alembic.ini", "[alembic]\nscript_location = alembic\n");
        var fault = await Assert.ThrowsAsync<RunbookException>(() => OfflineAssessment.RunAsync(versions, "a1", null, token));
        Assert.Contains("no migration between", fault.Message, StringComparison.Ordinal);
        Assert.Equal(Outcome.Usage, fault.Outcome);
        await Assert.ThrowsAsync<RunbookException>(() => OfflineAssessment.RunAsync(versions, "a1", "a1", token));
    }

    [Fact]
    public void An_archive_s_migrations_below_the_version_folder_count_when_they_go_on_from_it()
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            Add(tar, "alembic/versions/a.py", "revision = 'a'\ndown_revision = None\n");
            Add(tar, "alembic/versions/2026/b.py", "revision = 'b'\ndown_revision = 'a'\n");
            Add(tar, "alembic/versions/archive/o.py", "revision = 'o'\ndown_revision = None\n");
            Add(tar, "alembic/subversions/x.py", "x");
        }

        archive.Position = 0;
        Assert.Equal(["alembic/versions/a.py", "alembic/versions/2026/b.py"], MigrationArchive.Read(archive).Select(file => file.Path));
    }

    [Theory]
    [InlineData("[alembic]\nscript_location = alembic\n", "alembic", "")]
    [InlineData("[alembic]\nscript_location: %(here)s/x\n", "/etc/x", "")]
    [InlineData("[alembic]\nversion_path_separator = os\nversion_locations = a b:c\n", null, "a b|c")]
    [InlineData("[alembic]\nversion_locations = a b,c\n", null, "a|b|c")]
    [InlineData("[alembic]\nversion_locations = a:b c\n", null, "a:b|c")]
    [InlineData("[alembic]\npath_separator = newline\nversion_locations =\n  a b\n\n  c\n", null, "a b|c")]
    [InlineData("[DEFAULT]\nbase = 100%%\n[alembic]\nscript_location = %(base)s/x\n", "100%/x", "")]
    [InlineData("[other]\nscript_location = x\n", null, "")]
    public void The_ini_file_is_read_as_Alembic_reads_it(string text, string? location, string versions)
    {
        var ini = AlembicIni.Parse(text, "/etc");
        Assert.Equal(location, ini.ScriptLocation);
        Assert.Equal(versions.Split('|', StringSplitOptions.RemoveEmptyEntries), ini.VersionLocations);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused() =>
        Assert.Contains("nothing there", Assert.Throws<RunbookException>(() => Read("gone")).Message, StringComparison.Ordinal);

    [Fact]
    public void An_archive_is_read_as_the_engine_hands_it_out()
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            Add(tar, "alembic/env.py", "x");
            Add(tar, "alembic/versions/a.py", "revision = 'a'\ndown_revision = None\n");
            Add(tar, "alembic/versions/sub/b.py", "b");
        }

        archive.Position = 0;
        var file = Assert.Single(MigrationArchive.Read(archive, "app:1 "));
        Assert.Equal("app:1 alembic/versions/a.py", file.Path);
        Assert.StartsWith("revision = 'a'", file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_archive_is_refused()
    {
        using var noise = new MemoryStream(Enumerable.Repeat((byte)'x', 2048).ToArray());
        Assert.Throws<RunbookException>(() => MigrationArchive.Read(noise));
    }

    [Fact(Timeout = 240_000)]
    public async Task A_git_reference_gives_the_files_as_they_were()
    {
        Write("versions/a.py", "revision = 'a'\ndown_revision = None\ndef upgrade(): pass\ndef downgrade(): pass\n");
        await Git("init", "-q");
        await Git("add", ".");
        await Git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "one");
        await Git("tag", "v1");
        Write("versions/b.py", "from alembic import op\nrevision = 'b'\ndown_revision = 'a'\ndef upgrade(): op.drop_table('t')\ndef downgrade(): pass\n");
        var token = TestContext.Current.CancellationToken;
        Assert.Single(await MigrationArchive.ReadGitAsync(folder, "v1", ["versions"], token));
        var fault = await Assert.ThrowsAsync<RunbookException>(() => MigrationArchive.ReadGitAsync(folder, "v9", ["versions"], token));
        Assert.Contains("v9", fault.Message, StringComparison.Ordinal);

        var assessment = await OfflineAssessment.RunAsync([Path.Combine(folder, "versions")], "v1", null, token);
        Assert.Equal("b", Assert.Single(assessment.Revisions).Script.Revision);
        Assert.Contains("\"verdict\": \"Breaking\"", AssessmentJson.Write(assessment), StringComparison.Ordinal);
        await Assert.ThrowsAsync<RunbookException>(() => OfflineAssessment.RunAsync([Path.Combine(folder, "versions")], "nosuch", null, token));
    }

    private static void Add(TarWriter tar, string path, string text) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });

    private async Task Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", folder, .. arguments]))!;
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, git.ExitCode);
    }
}
