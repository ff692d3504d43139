using Runback.Runbook.Backups;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Backups;

/// <summary>A real dump, damaged at hundreds of random places: each is caught, and most of them by decoding alone.</summary>
[Collection(nameof(ProductionDatabase))]
public sealed class DamagedDumpTests(ProductionDatabase production) : IDisposable
{
    private readonly BackupWorkshop _workshop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workshop.Dispose();

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 540_000)]
    public async Task Every_flipped_bit_and_every_cut_of_a_real_backup_is_refused()
    {
        var backup = await _workshop.TakeAsync(production.Server, Cancellation);
        var right = await File.ReadAllBytesAsync(backup.File, Cancellation);
        var random = new Random(3);
        for (var round = 0; round < 400; round++)
        {
            var damaged = right.ToArray();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(backup.File, damaged, Cancellation);
            Assert.Contains("to have the SHA-256", await RefusedAsync(backup.File, VerifyLevel.Checksum), StringComparison.Ordinal);
            await File.WriteAllBytesAsync(backup.File, right[..random.Next(right.Length)], Cancellation);
            await RefusedAsync(backup.File, VerifyLevel.Checksum);
        }
        await File.WriteAllBytesAsync(backup.File, right, Cancellation);
        await _workshop.VerifyAsync(backup.File, VerifyLevel.Decode, Cancellation);
    }

    // Deflate ends with a sum of what it holds (RFC 1950, ADLER32), so that in gzip's data every flipped bit shows; pg_dump's zstd frames have none.
    [Tier(Tier.Default)]
    [Fact(Timeout = 540_000)]
    public async Task Decoding_alone_refuses_flipped_bits_in_the_data_and_cuts()
    {
        var file = await _workshop.DumpByHandAsync(production.Server, "pg_cleaning_20250101T000000Z.dump", Cancellation, "--compress=gzip:1");
        var right = await File.ReadAllBytesAsync(file, Cancellation);
        var random = new Random(4);
        for (var round = 0; round < 15; round++)
        {
            var damaged = right.ToArray();
            damaged[random.Next(right.Length * 6 / 10, right.Length * 8 / 10)] ^= (byte)(1 << random.Next(8));
            await WriteAsync(file, damaged);
            await RefusedAsync(file, VerifyLevel.Decode);
            await WriteAsync(file, right[..random.Next(right.Length)]);
            await RefusedAsync(file, VerifyLevel.Decode);
        }
    }

    private static async Task WriteAsync(string file, byte[] bytes)
    {
        await File.WriteAllBytesAsync(file, bytes, Cancellation);
        await BackupWorkshop.ChecksumAsync(file);
    }

    private async Task<string> RefusedAsync(string file, VerifyLevel level)
    {
        var error = await Assert.ThrowsAnyAsync<RunbookException>(() => _workshop.VerifyAsync(file, level, Cancellation));
        Assert.Equal(Outcome.Refused, error.Outcome);
        Assert.NotNull(error.Hint);
        return error.Message;
    }
}
