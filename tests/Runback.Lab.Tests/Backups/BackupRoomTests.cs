using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Backups;

/// <summary>Folders that can't take a dump. The small and the read-only one are real mounts.</summary>
[Tier(Tier.Default)]
[Collection(nameof(ProductionDatabase))]
public sealed class BackupRoomTests(ProductionDatabase production) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-backups-").FullName;
    private bool _mounted;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_mounted)
            await Shell.Quiet.ReadAsync(Root("umount", _folder), CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_missing_folder_is_refused_with_the_command_that_makes_it()
    {
        var error = await RefusedAsync(new BackupRequest(Path.Combine(_folder, "missing"), "r"), production.Server);
        Assert.Contains("found none", error.Message, StringComparison.Ordinal);
        Assert.Contains("mkdir", error.Hint, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_read_only_folder_is_refused()
    {
        await MountAsync("size=1m,ro");
        var error = await RefusedAsync(new BackupRequest(_folder, "r"), production.Server);
        Assert.Contains("read-only file system", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Too_little_room_is_refused_before_anything_is_written()
    {
        await MountAsync("size=1m");
        var error = await RefusedAsync(new BackupRequest(_folder, "r"), production.Server);
        Assert.Matches(@"expected \d+ MB free", error.Message);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact(Timeout = 240_000)]
    public async Task A_disk_that_fills_while_dumping_leaves_no_dump()
    {
        var server = await production.CreateLargeAsync("full", Cancellation);
        await MountAsync("size=8m");
        var error = await RefusedAsync(new BackupRequest(_folder, "r") { CheckRoom = false, Reserve = 0 }, server);
        Assert.Contains("found the disk full", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact(Timeout = 240_000)]
    public async Task A_dump_is_given_up_before_it_takes_the_reserve()
    {
        var server = await production.CreateLargeAsync("reserve", Cancellation);
        await MountAsync("size=16m");
        var error = await RefusedAsync(new BackupRequest(_folder, "r") { CheckRoom = false, Reserve = 8_000_000 }, server);
        Assert.Contains("expected 8 MB to stay free", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private static Task<RunbookException> RefusedAsync(BackupRequest request, PostgresServer server) => RefusedAsync(new DatabaseBackup(server, Shell.Quiet).TakeAsync(request, Cancellation));

    private static async Task<RunbookException> RefusedAsync(Task<Backup?> taking)
    {
        var error = await Assert.ThrowsAnyAsync<RunbookException>(() => taking);
        Assert.Equal(Outcome.Refused, error.Outcome);
        Assert.NotNull(error.Hint);
        return error;
    }

    private async Task MountAsync(string options)
    {
        await Shell.Quiet.ReadAsync(Root("mount", "-t", "tmpfs", "-o", options, "tmpfs", _folder), Cancellation);
        _mounted = true;
    }

    private static Command Root(string file, params string[] arguments) =>
        Environment.IsPrivilegedProcess ? new Command(file, arguments) : new Command("sudo", ["--non-interactive", file, .. arguments]);
}
