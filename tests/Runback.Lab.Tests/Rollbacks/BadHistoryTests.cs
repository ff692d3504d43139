using Runback.Lab.Tests.Lab;
using Runback.Runbook.Processes;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Histories that are none, in a folder and in a release's image: a clear error, its own exit code, and nothing changed.</summary>
[Collection("second lab")]
public sealed class BadHistoryTests(SecondLab lab) : IAsyncLifetime
{
    private const string Added = "0a0a0a0a0a0a_added.py";
    private readonly Production _production = new(lab);
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-history-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Spoilt => $"{_production.Image}:2025-12-14-spoilt";

    /// <summary>A file beside the good ones and what is said of it.</summary>
    public static TheoryData<string, string> SpoiltFiles => new()
    {
        { "def upgrade(:\n", $"versions/{Added}:1" },
        { Revision(Production.GoodRevision, "None"), $"one file for revision {Production.GoodRevision}, found two" },
        { Revision("0a0a0a0a0a0a", "'0b0b0b0b0b0b'"), "expected revision 0b0b0b0b0b0b" },
        { Revision("0a0a0a0a0a0a", "'0a0a0a0a0a0a'"), "0a0a0a0a0a0a -> 0a0a0a0a0a0a" },
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        await lab.Shell.TryAsync(new Command("docker", "image", "rm", Spoilt), CancellationToken.None);
    }

    [Tier(Tier.Default)]
    [Theory(Timeout = 240_000)]
    [MemberData(nameof(SpoiltFiles))]
    public async Task A_folder_whose_history_is_none_is_refused(string text, string said)
    {
        foreach (var (path, file) in Release.All.Single(release => release.Tag == Production.Good).Files(lab.Options.Sources).Where(each => each.Key.Contains("versions/", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(Versions(), Path.GetFileName(path)));
        await File.WriteAllTextAsync(Path.Combine(Versions(), Added), text, Cancellation);

        AssertRefused(await _production.RunAsync("Assess", "--migrations", _folder), 3, said);
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 240_000)]
    public async Task A_folder_that_is_not_there_or_has_no_migrations_is_refused()
    {
        AssertRefused(await _production.RunAsync("Assess", "--migrations", Path.Combine(_folder, "none")), 2, "nothing there", "versions");
        AssertRefused(await _production.RunAsync("Assess", "--migrations", _folder), 2, "no Python file", "versions");
        await File.WriteAllTextAsync(Path.Combine(Versions(), "helpers.py"), "LIMIT = 3\n", Cancellation);
        AssertRefused(await _production.RunAsync("Assess", "--migrations", _folder), 2, "1 Python files without a revision", "versions");
    }

    [Tier(Tier.Thorough)]
    [Theory(Timeout = 900_000)]
    [MemberData(nameof(SpoiltFiles))]
    public async Task A_release_whose_history_is_none_is_refused(string text, string said)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, Added), text, Cancellation);
        await SpoilAsync($"COPY {Added} /app/alembic/versions/");
        AssertRefused(await AssessAsync(), 3, said);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_release_without_migrations_where_the_profile_says_they_are_is_refused()
    {
        await SpoilAsync("USER root\nRUN rm -r /app/alembic/versions && mkdir /app/alembic/versions");
        AssertRefused(await AssessAsync(), 3, "expected migrations, found no Python file", "--migrations-directory");
        await SpoilAsync("USER root\nRUN rm -r /app/alembic");
        AssertRefused(await AssessAsync(), 3, "found no such folder", "--migrations-directory");
    }

    private static string Revision(string id, string down) => $"revision = '{id}'\ndown_revision = {down}\n\n\ndef upgrade():\n    pass\n";

    private static void AssertRefused(Ended ended, int exitCode, string said, string hint = "")
    {
        Assert.True(ended.ExitCode == exitCode, ended.ToString());
        Assert.Contains(said, ended.Complaint, StringComparison.Ordinal);
        Assert.NotEmpty(ended.Text("hint")!);
        Assert.Contains(hint, ended.Text("hint"), StringComparison.Ordinal);
        Assert.DoesNotContain("   at Runback.", ended.Said, StringComparison.Ordinal);
    }

    private string Versions() => Directory.CreateDirectory(Path.Combine(_folder, "versions")).FullName;

    private async Task<Ended> AssessAsync()
    {
        await _production.BringAsync(Production.Good, migratedBy: Production.Good);
        var before = await _production.SnapshotAsync();
        var assessed = await _production.RunAsync("Assess", "--tag", "2025-12-14-spoilt");
        Assert.Equal(before, await _production.SnapshotAsync());
        return assessed;
    }

    // The good release with something wrong in it, on this host only.
    private async Task SpoilAsync(string lines)
    {
        await lab.Docker("pull", "--quiet", $"{_production.Image}:{Production.Good}");
        var dockerfile = Path.Combine(_folder, "Dockerfile");
        await File.WriteAllTextAsync(dockerfile, $"FROM {_production.Image}:{Production.Good}\n{lines}\n", Cancellation);
        await lab.Shell.ReadAsync(new Command("docker", "build", "--quiet", "--force-rm", "--tag", Spoilt, _folder).WithEnvironment("DOCKER_BUILDKIT", "0"), Cancellation);
    }
}
