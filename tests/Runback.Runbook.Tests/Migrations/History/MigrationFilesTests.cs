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
    [InlineData("[alembic]\nscript_location = alembic\n", "alembic", "")]
    [InlineData("[alembic]\nscript_location: %(here)s/x\n", "/etc/x", "")]
    [InlineData("[alembic]\nversion_path_separator = os\nversion_locations = a b:c\n", null, "a b|c")]
    [InlineData("[alembic]\nversion_locations = a b,c\n", null, "a|b|c")]
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
