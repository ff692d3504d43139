using System.Security.Cryptography;
using Runback.Runbook.Backups;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Backups;

/// <summary>A dump that isn't what was written: flipped, cut or replaced, wherever that happened.</summary>
public sealed class DamagedDumpTests : IDisposable
{
    private const string Name = "pg_sample_20260101T000000Z.dump";
    private static readonly string Right = Hash(SampleDump.Bytes);
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-damaged-").FullName;

    private string Dump => Path.Combine(_folder, Name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 240_000)]
    public async Task Every_flipped_bit_is_refused_by_verifying()
    {
        Write(SampleDump.Bytes, Right);
        Assert.Equal(Right, (await VerifyAsync()).Sha256);
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var flipped = SampleDump.Bytes.ToArray();
            var at = random.Next(flipped.Length);
            flipped[at] ^= (byte)(1 << random.Next(8));
            Write(flipped, Right);
            Assert.Contains(at < 5 ? "" : "to have the SHA-256", await RefusedAsync(), StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task Every_cut_is_refused_even_with_a_checksum_to_match()
    {
        var random = new Random(2);
        for (var round = 0; round < 300; round++)
        {
            var cut = SampleDump.Bytes[..random.Next(SampleDump.Bytes.Length)];
            Write(cut, Right);
            await RefusedAsync();
            Write(cut, Hash(cut));
            await RefusedAsync();
        }
    }

    // The facts beside the dump remember another one; so does the run itself, for whom nothing in the folder is believed any more.
    [Theory(Timeout = 240_000)]
    [InlineData(false, "to be those of the run")]
    [InlineData(true, "to be the dump that this run took or verified")]
    public async Task A_dump_that_was_replaced_with_its_checksum_is_refused(bool factsToo, string said)
    {
        Write(SampleDump.Bytes, Right);
        await VerifyAsync();
        var other = SampleDump.Bytes.ToArray();
        other[other.AsSpan().IndexOf("c4ca4238"u8)] ^= 1;
        Write(other, Hash(other), withFacts: factsToo);
        Assert.Contains(said, await RefusedAsync(factsToo ? Right : null), StringComparison.Ordinal);
        if (factsToo)
            Assert.Equal(Hash(other), (await VerifyAsync()).Sha256);
    }

    private void Write(byte[] bytes, string sha256, bool withFacts = false)
    {
        PrivateFiles.Replace(Dump, "");
        File.WriteAllBytes(Dump, bytes);
        File.WriteAllText(ChecksumFile.PathOf(Dump), ChecksumFile.Line(sha256, Name));
        if (withFacts)
            (BackupFacts.Read(Dump)! with { Sha256 = sha256 }).Write(Dump);
    }

    private Task<VerifiedBackup> VerifyAsync(string? known = null) => new BackupVerification(Shell.Quiet).VerifyAsync(
        new VerifyRequest(Dump, "sample", VerifyLevel.Checksum, "", "", "run") { Sha256 = known }, TestContext.Current.CancellationToken);

    private async Task<string> RefusedAsync(string? known = null)
    {
        var refusal = await Assert.ThrowsAnyAsync<RunbookException>(() => VerifyAsync(known));
        Assert.Equal(Outcome.Refused, refusal.Outcome);
        Assert.NotNull(refusal.Hint);
        return refusal.Message;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
