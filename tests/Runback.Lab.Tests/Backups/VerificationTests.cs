using Runback.Runbook.Backups;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Backups;

[Tier(Tier.Default)]
[Collection(nameof(ProductionDatabase))]
public sealed class VerificationTests(ProductionDatabase production) : IDisposable
{
    private readonly BackupWorkshop _workshop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workshop.Dispose();

    [Fact(Timeout = 240_000)]
    public async Task A_good_dump_passes_every_level_and_its_facts_remember_the_highest()
    {
        var backup = await _workshop.TakeAsync(production.Server, Cancellation);
        foreach (var level in Enum.GetValues<VerifyLevel>())
        {
            Assert.Null(BackupCatalog.LatestVerified(_workshop.Folder, "cleaning", level));
            var verified = await _workshop.VerifyAsync(backup.File, level, Cancellation);
            Assert.Equal(backup.Facts!.Sha256, verified.Sha256);
            Assert.Equal(level, BackupCatalog.LatestVerified(_workshop.Folder, "cleaning", level)?.Facts?.Verified?.Level);
        }
        await _workshop.VerifyAsync(backup.File, VerifyLevel.Checksum, Cancellation);
        Assert.NotNull(BackupCatalog.LatestVerified(_workshop.Folder, "cleaning", VerifyLevel.Restore));
        Assert.Empty(await _workshop.ContainersAsync());
    }

    [Theory(Timeout = 240_000)]
    [InlineData(VerifyLevel.Checksum)]
    [InlineData(VerifyLevel.Decode)]
    [InlineData(VerifyLevel.Restore)]
    public async Task A_dump_cut_at_60_percent_is_refused_even_when_its_checksum_was_cut_with_it(VerifyLevel level)
    {
        var file = await _workshop.DumpByHandAsync(production.Server, "pg_cleaning_20250101T000000Z.dump", Cancellation);
        using (var stream = File.OpenWrite(file))
            stream.SetLength(stream.Length * 6 / 10);
        Assert.Contains("expected pg_cleaning_20250101T000000Z.dump to have the SHA-256", (await RefusedAsync(file, level)).Message, StringComparison.Ordinal);
        await BackupWorkshop.ChecksumAsync(file);
        Assert.Matches("ends within (block|its table)", (await RefusedAsync(file, level)).Message);
    }

    [Theory(Timeout = 240_000)]
    [InlineData("--compress=zstd:1")]
    [InlineData("--compress=none")]
    public async Task Flipped_bytes_are_refused_by_the_checksum(string compression)
    {
        var file = await _workshop.DumpByHandAsync(production.Server, "pg_cleaning_20250101T000000Z.dump", Cancellation, compression);
        await FlipAsync(file, 100);
        foreach (var level in Enum.GetValues<VerifyLevel>())
            Assert.Contains("to have the SHA-256", (await RefusedAsync(file, level)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task Flipped_bytes_in_a_compressed_dump_are_refused_by_decoding_even_with_a_checksum_to_match()
    {
        var file = await _workshop.DumpByHandAsync(production.Server, "pg_cleaning_20250101T000000Z.dump", Cancellation, "--compress=gzip:1");
        await FlipAsync(file, LargestGap(file));
        await BackupWorkshop.ChecksumAsync(file);
        await _workshop.VerifyAsync(file, VerifyLevel.Checksum, Cancellation);
        Assert.Contains("pg_restore to read all of the dump", (await RefusedAsync(file, VerifyLevel.Decode)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task An_empty_a_missing_and_an_unchecked_dump_are_refused()
    {
        var file = await _workshop.DumpByHandAsync(production.Server, "pg_cleaning_20250101T000000Z.dump", Cancellation);
        File.Delete(file + ".sha256");
        Assert.Contains("expected the dump's checksum", (await RefusedAsync(file, VerifyLevel.Checksum)).Message, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(file, [], Cancellation);
        Assert.Contains("found an empty file", (await RefusedAsync(file, VerifyLevel.Checksum)).Message, StringComparison.Ordinal);
        Assert.Contains("found none", (await RefusedAsync(file + ".other", VerifyLevel.Checksum)).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "-- PostgreSQL database dump\n", Cancellation);
        await BackupWorkshop.ChecksumAsync(file);
        Assert.Contains("begins with `-- PostgreSQL da`", (await RefusedAsync(file, VerifyLevel.Checksum)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_dump_of_another_database_is_refused_under_this_ones_name()
    {
        var other = await production.CreateAsync("shop", "CREATE TABLE orders (id int);", Cancellation);
        var file = await _workshop.DumpByHandAsync(other, "pg_cleaning_20250101T000000Z.dump", Cancellation);
        var error = await RefusedAsync(file, VerifyLevel.Checksum);
        Assert.Contains("expected a dump of the database cleaning, found one of shop", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_dump_that_was_replaced_after_it_was_verified_is_refused()
    {
        var backup = await _workshop.TakeAsync(production.Server, Cancellation);
        await _workshop.VerifyAsync(backup.File, VerifyLevel.Checksum, Cancellation);
        var other = await _workshop.DumpByHandAsync(production.Server, "other.dump", Cancellation, "--compress=none");
        File.Move(other, backup.File, overwrite: true);
        await BackupWorkshop.ChecksumAsync(backup.File);
        Assert.Contains("as were written", (await RefusedAsync(backup.File, VerifyLevel.Checksum)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_restored_copy_with_other_rows_or_another_revision_is_refused_with_both_numbers()
    {
        var backup = await _workshop.TakeAsync(production.Server, Cancellation);
        var facts = backup.Facts!;
        var tables = facts.Tables!.Select(table => table.Table == "bookings" ? table with { Rows = 1210 } : table).ToList();
        (facts with { Tables = tables, Revisions = ["other"] }).Write(backup.File);
        var message = (await RefusedAsync(backup.File, VerifyLevel.Restore)).Message;
        Assert.Contains("expected 1,210 rows in public.bookings as when the dump was taken, found 1,203", message, StringComparison.Ordinal);
        Assert.Contains("expected the revision other, found b2c3d4", message, StringComparison.Ordinal);
        Assert.Empty(await _workshop.ContainersAsync());
    }

    [Fact(Timeout = 240_000)]
    public async Task A_verification_that_is_cancelled_leaves_no_container()
    {
        var backup = await _workshop.TakeAsync(production.Server, Cancellation);
        foreach (var level in new[] { VerifyLevel.Decode, VerifyLevel.Restore })
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var verifying = _workshop.VerifyAsync(backup.File, level, cancel.Token);
            while ((await _workshop.ContainersAsync()).Length == 0 && !verifying.IsCompleted)
                await Task.Delay(20, Cancellation);
            await cancel.CancelAsync();
            if (level == VerifyLevel.Restore)
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => verifying);
            else
                await Task.WhenAny(verifying);
            Assert.Empty(await _workshop.ContainersAsync());
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task A_scratch_server_has_no_network_and_the_settings_owners_and_privileges_of_the_dump()
    {
        var backup = await _workshop.TakeAsync(production.Server, Cancellation);
        await using var scratch = await ScratchServer.StartAsync(new ScratchOptions(ProductionDatabase.Image, "test", _workshop.Run), Shell.Quiet, Cancellation);
        var networks = await Shell.Quiet.ReadAsync(new Command("docker", "exec", scratch.Server.Address.Container, "ls", "/sys/class/net"), Cancellation);
        Assert.Equal("lo", networks.Trim());
        await using var source = File.OpenRead(backup.File);
        var (path, sent) = await scratch.CopyInAsync(input => new DumpStream().CopyAsync(source, input, Cancellation), "x.dump", Cancellation);
        var copy = await new ScratchRestore(scratch.Server, Shell.Quiet).RunAsync(path, sent.Contents!, backup.Facts!.Roles!, Cancellation);
        Assert.Equal("5s", await copy.ScalarAsync("SELECT current_setting('lock_timeout')", Cancellation));
        Assert.Equal("app", await copy.ScalarAsync("SELECT tableowner FROM pg_tables WHERE tablename = 'bookings'", Cancellation));
        Assert.Equal("true", await copy.ScalarAsync("SELECT has_table_privilege('reader', 'customers', 'SELECT')", Cancellation));
    }

    [Fact(Timeout = 240_000)]
    public async Task An_image_that_is_not_there_is_an_error_that_says_so()
    {
        var error = await Assert.ThrowsAnyAsync<RunbookException>(
            () => ScratchServer.StartAsync(new ScratchOptions("runback-lab/none:1", "test", _workshop.Run), Shell.Quiet, Cancellation));
        Assert.Contains("expected a scratch container of runback-lab/none:1, found:", error.Message, StringComparison.Ordinal);
    }

    private async Task<RunbookException> RefusedAsync(string file, VerifyLevel level)
    {
        var error = await Assert.ThrowsAnyAsync<RunbookException>(() => _workshop.VerifyAsync(file, level, Cancellation));
        Assert.Equal(Outcome.Refused, error.Outcome);
        Assert.NotNull(error.Hint);
        Assert.Empty(await _workshop.ContainersAsync());
        return error;
    }

    private static async Task FlipAsync(string file, long position)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = position;
        var old = stream.ReadByte();
        stream.Position = position;
        stream.WriteByte((byte)(old ^ 0xFF));
    }

    // A place well inside the largest table's data, away from the lengths between the chunks.
    private static long LargestGap(string file) => new FileInfo(file).Length * 7 / 10;
}
