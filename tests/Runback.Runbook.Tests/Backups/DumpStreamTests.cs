using System.Security.Cryptography;
using Runback.Runbook.Backups;

namespace Runback.Runbook.Tests.Backups;

public sealed class DumpStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = 40_000)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public Task A_real_dump_is_understood_however_it_is_cut_into_blocks(int size)
    {
        var scanner = new ArchiveScanner();
        foreach (var block in SampleDump.Bytes.Chunk(size))
            scanner.Write(block);
        Assert.Null(scanner.End());
        var contents = scanner.Contents!;
        Assert.Equal(("sample", "none", "1.16"), (contents.Database, contents.Compression, contents.FormatVersion));
        Assert.StartsWith("17.", contents.ServerVersion, StringComparison.Ordinal);
        Assert.Equal(["postgres", "sample_owner"], contents.Owners);
        Assert.Equal(["BLOBS ", "TABLE DATA bookings", "TABLE DATA empty"],
            contents.Entries.Where(entry => entry.HasData).Select(entry => $"{entry.Kind} {(entry.Kind == "BLOBS" ? "" : entry.Name)}").Order(StringComparer.Ordinal));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 120_000)]
    public Task A_dump_cut_anywhere_is_not_whole()
    {
        for (var length = 0; length < SampleDump.Bytes.Length; length++)
        {
            var scanner = new ArchiveScanner();
            foreach (var block in SampleDump.Bytes[..length].Chunk(512))
                scanner.Write(block);
            Assert.NotNull(scanner.End());
        }
        return Task.CompletedTask;
    }

    [Fact(Timeout = 40_000)]
    public Task A_file_that_goes_on_after_its_last_block_is_not_whole()
    {
        var scanner = new ArchiveScanner();
        scanner.Write(SampleDump.Bytes);
        scanner.Write([0]);
        Assert.Contains("damaged", scanner.End(), StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    [Fact(Timeout = 120_000)]
    public Task Any_damage_at_all_is_survived_by_the_scanner()
    {
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var damaged = SampleDump.Bytes.ToArray();
            for (var i = 0; i < 1 + round % 5; i++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var scanner = new ArchiveScanner();
            scanner.Write(damaged);
            scanner.End();
            Assert.Equal(damaged.Length, scanner.Length);
        }
        return Task.CompletedTask;
    }

    [Fact(Timeout = 120_000)]
    public async Task Every_flipped_bit_changes_the_checksum()
    {
        var random = new Random(42);
        var right = (await CopyAsync(SampleDump.Bytes)).Sha256;
        for (var round = 0; round < 500; round++)
        {
            var flipped = SampleDump.Bytes.ToArray();
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
            Assert.NotEqual(right, (await CopyAsync(flipped)).Sha256);
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData(3_500_001)]
    public async Task What_goes_through_arrives_unchanged_with_its_own_hash(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        using var target = new MemoryStream();
        var result = await new DumpStream().CopyAsync(new MemoryStream(bytes), target, Cancellation);
        Assert.Equal(bytes, target.ToArray());
        Assert.Equal((length, Convert.ToHexStringLower(SHA256.HashData(bytes))), (result.Bytes, result.Sha256));
    }

    [Fact(Timeout = 40_000)]
    public async Task A_guard_that_objects_stops_the_stream()
    {
        var stream = new DumpStream { Guard = () => throw new InvalidOperationException("enough") };
        await Assert.ThrowsAsync<InvalidOperationException>(() => stream.CopyAsync(new MemoryStream(SampleDump.Bytes), Stream.Null, Cancellation));
        Assert.True(stream.Begun.IsCompleted);
    }

    private static Task<DumpStream.Result> CopyAsync(byte[] bytes) => new DumpStream().CopyAsync(new MemoryStream(bytes), Stream.Null, Cancellation);
}
