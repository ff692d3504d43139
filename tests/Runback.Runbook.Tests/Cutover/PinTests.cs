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

        var kept = await Pinned().WriteAsync("v2@sha256:0a", run);

        byte[] after = [.. "IMAGE_TAG=v2@sha256:0a\r\nPASSWORD="u8, 0xff, 0xfe, (byte)'\r', (byte)'\n'];
        Assert.Equal(after, await File.ReadAllBytesAsync(EnvFile, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(EnvFile));
        Assert.Equal(before, await File.ReadAllBytesAsync(kept!, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept!));
        // A CI job hands the run's folder on as an artifact.
        Assert.DoesNotContain(Directory.EnumerateFiles(run.Folder!, "*", SearchOption.AllDirectories), file => File.ReadAllBytes(file).AsSpan().IndexOf("PASSWORD="u8) >= 0);
        Assert.Equal([".env", ".runback"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Null(await Pinned().WriteAsync("v2@sha256:0a", run));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_a_killed_run_had_half_written_is_removed_and_nothing_else()
    {
        await File.WriteAllTextAsync(EnvFile, "IMAGE_TAG=v1\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync($"{EnvFile}.{Guid.NewGuid():N}.tmp", "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync($"{EnvFile}.mine.tmp", "", TestContext.Current.CancellationToken);
        using var run = Begin();

        await Pinned().WriteAsync("v2", run);

        Assert.Equal($"{EnvFile}.mine.tmp", Assert.Single(Directory.EnumerateFiles(_folder, ".env*.tmp")));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_somebody_writes_between_reading_and_replacing_is_not_lost()
    {
        await File.WriteAllTextAsync(EnvFile, "IMAGE_TAG=v1\n", TestContext.Current.CancellationToken);
        using var run = Begin();
        run.Shell.Guard = () => File.AppendAllTextAsync(EnvFile, "THEIRS=1\n");

        var error = await Assert.ThrowsAsync<RunbookException>(() => Pinned().WriteAsync("v2", run));

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

        await Pinned().WriteAsync("v2", run);

        Assert.Equal("real.env", new FileInfo(EnvFile).LinkTarget);
        Assert.Equal("A=1\nIMAGE_TAG=v2\n", await File.ReadAllTextAsync(real, TestContext.Current.CancellationToken));
        Assert.Equal("v2", Pinned().Read());
    }

    [Fact]
    public void Without_an_env_file_nothing_is_pinned() => Assert.Null(Pinned().Read());

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
    [InlineData("IMAGE_TAG: 'v1' # it's why\nB=2\n")]
    [InlineData("IMAGE_TAG=v1\r\nB=2\n")]
    [InlineData("A='it\\'s\nIMAGE_TAG=inside\n'\nIMAGE_TAG=v1\nB=2\n")]
    [InlineData("IMAGE_TAG=v0\n  IMAGE_TAG=v1 # a\\b & $c | d\nB=2\n")]
    [InlineData("A=\"x\" IMAGE_TAG=v1\nB=2\n")]
    public async Task The_line_that_is_printed_does_the_same_in_a_shell(string before)
    {
        await File.WriteAllTextAsync(EnvFile, before, TestContext.Current.CancellationToken);
        using var said = new StringWriter();
        using (var dry = Begin(said, dryRun: true))
            await Pinned().WriteAsync("v2@sha256:0a", dry);
        Assert.Equal(before, await File.ReadAllTextAsync(EnvFile, TestContext.Current.CancellationToken));

        var line = said.ToString().Trim()[2..];
        await Runback.Runbook.Processes.Shell.Quiet.ReadAsync(new Runback.Runbook.Processes.Command("/bin/sh", "-c", line), TestContext.Current.CancellationToken);

        Assert.Equal("v2@sha256:0a", Pinned().Read());
        Assert.Contains("B=2\n", await File.ReadAllTextAsync(EnvFile, TestContext.Current.CancellationToken) + "\n", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IMAGE_TAG", "v1")]
    [InlineData("OTHER", "v2")]
    public async Task What_Compose_would_read_otherwise_is_refused_and_nothing_is_replaced(string variable, string read)
    {
        const string Before = "IMAGE_TAG=v1\nOTHER=1\n";
        await File.WriteAllTextAsync(EnvFile, Before, TestContext.Current.CancellationToken);
        using var run = Begin();
        var pin = new Pin(Observed.Deployment(_folder))
        {
            Resolve = (file, names) => Task.FromResult<IReadOnlyDictionary<string, string>>(
                names.ToDictionary(name => name, name => name == variable && file != EnvFile ? read : Read(file)[name] ?? "")),
        };

        var error = await Assert.ThrowsAsync<RunbookException>(() => pin.WriteAsync("v2", run));

        Assert.Contains("nothing was replaced", error.Message, StringComparison.Ordinal);
        Assert.Equal(Before, await File.ReadAllTextAsync(EnvFile, TestContext.Current.CancellationToken));
        Assert.Equal([".env", ".runback"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("REL=v1\nIMAGE_TAG=${REL}\n")]
    [InlineData("IMAGE_TAG='open\n")]
    public async Task A_pin_that_cannot_be_written_is_refused_beforehand(string text)
    {
        await File.WriteAllTextAsync(EnvFile, text, TestContext.Current.CancellationToken);
        using var run = Begin();

        Assert.Equal(Outcome.Refused, (await Assert.ThrowsAsync<RunbookException>(Pinned().ThrowUnlessPinnableAsync)).Outcome);
        Assert.Equal(Outcome.Refused, (await Assert.ThrowsAsync<RunbookException>(() => Pinned().WriteAsync("v2", run))).Outcome);

        Assert.Equal(text, await File.ReadAllTextAsync(EnvFile, TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(Pin.KeptFolder(run.Folder!)));
    }

    [Fact]
    public async Task A_file_that_Compose_reads_otherwise_is_refused_beforehand()
    {
        await File.WriteAllTextAsync(EnvFile, "IMAGE_TAG=v1\n", TestContext.Current.CancellationToken);
        await Pinned().ThrowUnlessPinnableAsync();
        var pin = new Pin(Observed.Deployment(_folder)) { Resolve = (_, names) => Task.FromResult<IReadOnlyDictionary<string, string>>(names.ToDictionary(name => name, _ => "v0")) };
        Assert.Contains("`v1` where Compose has `v0`", (await Assert.ThrowsAsync<RunbookException>(pin.ThrowUnlessPinnableAsync)).Message, StringComparison.Ordinal);
    }

    private Pin Pinned() => new(Observed.Deployment(_folder))
    {
        Resolve = (file, names) => Task.FromResult<IReadOnlyDictionary<string, string>>(names.ToDictionary(name => name, name => Read(file)[name] ?? "")),
    };

    private static Runback.Runbook.Deployments.EnvFile Read(string file) => new(File.ReadAllText(file, Runback.Runbook.Deployments.EnvFile.Bytes));

    private Run Begin(TextWriter? said = null, bool dryRun = false) =>
        Run.Begin(Observed.Deployment(_folder).StatePath, "Rollback", new Narration(said ?? TextWriter.Null, new Secrets()), new Secrets(), dryRun);
}
