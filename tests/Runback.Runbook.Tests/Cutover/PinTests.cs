using Runback.Runbook.Cutover;
using Runback.Runbook.Runs;
using Runback.Runbook.Tests.Deployments;

namespace Runback.Runbook.Tests.Cutover;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PinTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-pin-").FullName;

    private string EnvFile => Path.Combine(_folder, ".env");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 120_000)]
    public async Task Pinning_replaces_the_file_keeps_its_mode_and_keeps_the_old_one()
    {
        byte[] before = [.. "IMAGE_TAG=v1\r\nPASSWORD="u8, 0xff, 0xfe, (byte)'\r', (byte)'\n'];
        await File.WriteAllBytesAsync(EnvFile, before, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(EnvFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        using var run = Begin();

        var kept = await new Pin(Observed.Deployment(_folder)).WriteAsync("v2@sha256:0a", run);

        byte[] after = [.. "IMAGE_TAG=v2@sha256:0a\r\nPASSWORD="u8, 0xff, 0xfe, (byte)'\r', (byte)'\n'];
        Assert.Equal(after, await File.ReadAllBytesAsync(EnvFile, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(EnvFile));
        Assert.Equal(before, await File.ReadAllBytesAsync(kept!, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept!));
        // A CI job hands the run's folder on as an artifact.
        Assert.DoesNotContain(Directory.EnumerateFiles(run.Folder!, "*", SearchOption.AllDirectories), file => File.ReadAllBytes(file).AsSpan().IndexOf("PASSWORD="u8) >= 0);
        Assert.Equal([".env", ".runback"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Null(await new Pin(Observed.Deployment(_folder)).WriteAsync("v2@sha256:0a", run));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_a_killed_run_had_half_written_is_removed_and_nothing_else()
    {
        await File.WriteAllTextAsync(EnvFile, "IMAGE_TAG=v1\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync($"{EnvFile}.{Guid.NewGuid():N}.tmp", "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync($"{EnvFile}.mine.tmp", "", TestContext.Current.CancellationToken);
        using var run = Begin();

        await new Pin(Observed.Deployment(_folder)).WriteAsync("v2", run);

        Assert.Equal($"{EnvFile}.mine.tmp", Assert.Single(Directory.EnumerateFiles(_folder, ".env*.tmp")));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_somebody_writes_between_reading_and_replacing_is_not_lost()
    {
        await File.WriteAllTextAsync(EnvFile, "IMAGE_TAG=v1\n", TestContext.Current.CancellationToken);
        using var run = Begin();
        run.Shell.Guard = () => File.AppendAllTextAsync(EnvFile, "THEIRS=1\n");

        var error = await Assert.ThrowsAsync<RunbookException>(() => new Pin(Observed.Deployment(_folder)).WriteAsync("v2", run));

        Assert.Contains("changed by somebody else", error.Message, StringComparison.Ordinal);
        Assert.Equal("IMAGE_TAG=v1\nTHEIRS=1\n", await File.ReadAllTextAsync(EnvFile, TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_link_stays_a_link_and_the_file_behind_it_is_pinned()
    {
        var real = Path.Combine(_folder, "real.env");
        await File.WriteAllTextAsync(real, "A=1\n", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(EnvFile, "real.env");
        using var run = Begin();

        await new Pin(Observed.Deployment(_folder)).WriteAsync("v2", run);

        Assert.Equal("real.env", new FileInfo(EnvFile).LinkTarget);
        Assert.Equal("A=1\nIMAGE_TAG=v2\n", await File.ReadAllTextAsync(real, TestContext.Current.CancellationToken));
        Assert.Equal("v2", new Pin(Observed.Deployment(_folder)).Read());
    }

    [Fact]
    public void Without_an_env_file_nothing_is_pinned() => Assert.Null(new Pin(Observed.Deployment(_folder)).Read());

    [Theory]
    [InlineData("v1", null, "v1")]
    [InlineData("v1", "sha256:0a", "v1@sha256:0a")]
    public void A_release_is_pinned_by_its_digest_where_it_has_one(string tag, string? digest, string value) => Assert.Equal(value, Pin.Value(tag, digest));

    [Theory]
    [InlineData("IMAGE_TAG=v1\nB=2\n")]
    [InlineData("B=2\n")]
    [InlineData("B=2")]
    [InlineData("export IMAGE_TAG=v1\nB=2\n")]
    [InlineData("IMAGE_TAG=\"v1\" # why\nB=2\n")]
    [InlineData("IMAGE_TAG = v1\nB=2\n")]
    public async Task The_line_that_is_printed_does_the_same_in_a_shell(string before)
    {
        await File.WriteAllTextAsync(EnvFile, before, TestContext.Current.CancellationToken);
        using var said = new StringWriter();
        using (var dry = Begin(said, dryRun: true))
            await new Pin(Observed.Deployment(_folder)).WriteAsync("v2@sha256:0a", dry);
        Assert.Equal(before, await File.ReadAllTextAsync(EnvFile, TestContext.Current.CancellationToken));

        var line = said.ToString().Trim()[2..];
        await Runback.Runbook.Processes.Shell.Quiet.ReadAsync(new Runback.Runbook.Processes.Command("/bin/sh", "-c", line), TestContext.Current.CancellationToken);

        Assert.Equal("v2@sha256:0a", new Pin(Observed.Deployment(_folder)).Read());
        Assert.Contains("B=2\n", await File.ReadAllTextAsync(EnvFile, TestContext.Current.CancellationToken) + "\n", StringComparison.Ordinal);
    }

    private Run Begin(TextWriter? said = null, bool dryRun = false) =>
        Run.Begin(Observed.Deployment(_folder).StatePath, "Rollback", new Narration(said ?? TextWriter.Null, new Secrets()), new Secrets(), dryRun);
}
