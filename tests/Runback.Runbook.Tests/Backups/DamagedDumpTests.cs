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

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("0a0a  pg_sample_20260101T000000Z.dump\n")]
    [InlineData("not a checksum\0\uffff")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000  other.dump\n")]
    public async Task A_damaged_checksum_is_refused_with_what_to_do(string checksum)
    {
        Write(SampleDump.Bytes, Right);
        await File.WriteAllTextAsync(ChecksumFile.PathOf(Dump), checksum, TestContext.Current.CancellationToken);
        await RefusedAsync();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"run\": \"r\", \"database\": \"sample\", \"sha256\": null}")]
    [InlineData("{\"run\": \"r\", \"database\": \"sample\", \"sha256\": \"\"}")]
    [InlineData("{\"run\": \"r\", \"database\": null, \"sha256\": \"RIGHT\"}")]
    [InlineData("{\"run\": \"r\", \"database\": \"sample\", \"sha256\": \"RIGHT\", \"tables\": [null]}")]
    [InlineData("{\"run\": \"r\", \"database\": \"sample\", \"sha256\": \"RIGHT\", \"roles\": [null]}")]
    [InlineData("{\"run\": \"r\", \"database\": \"sample\", \"sha256\": \"RIGHT\", \"bytes\": -1}")]
    [InlineData("{\"run\": \"r\", \"database\": \"sample\", \"sha256\": \"RIGHT\", \"version\": 99}")]
    [InlineData("{\"run\": \"r\", \"database\": \"sample\", \"sha256\": \"RIGHT\", \"bytes\": \"many\"}")]
    [InlineData("{\"run\": \"r\", \"database\": \"sample\", \"sha256\": \"RIGHT\", \"verified\": {\"level\": \"Entirely\"}}")]
    public async Task Damaged_facts_are_refused_with_what_to_do(string facts)
    {
        Write(SampleDump.Bytes, Right);
        await File.WriteAllTextAsync(BackupFacts.PathOf(Dump), facts.Replace("RIGHT", Right, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await RefusedAsync();
        Assert.Null(BackupCatalog.Latest(_folder, "sample")!.Facts);
    }

    [Fact(Timeout = 60_000)]
    public async Task Facts_cut_anywhere_are_refused_or_whole()
    {
        Write(SampleDump.Bytes, Right);
        await VerifyAsync();
        var whole = await File.ReadAllTextAsync(BackupFacts.PathOf(Dump), TestContext.Current.CancellationToken);
        for (var length = 0; length < whole.TrimEnd().Length; length++)
        {
            await File.WriteAllTextAsync(BackupFacts.PathOf(Dump), whole[..length], TestContext.Current.CancellationToken);
            await RefusedAsync();
        }
    }

    // To open a named pipe waits for whoever writes, and a device never ends.
    [Theory(Timeout = 60_000)]
    [InlineData("mkfifo \"$1\"", "a named pipe")]
    [InlineData("mkdir \"$1\"", "a folder")]
    [InlineData("ln -s /dev/zero \"$1\"", "a device")]
    [InlineData("mkfifo \"$1.real\" && ln -s \"$1.real\" \"$1\"", "a named pipe")]
    public async Task What_is_no_file_is_no_dump_no_checksum_and_no_facts(string make, string said)
    {
        foreach (var file in (string[])[Dump, ChecksumFile.PathOf(Dump), BackupFacts.PathOf(Dump)])
        {
            Write(SampleDump.Bytes, Right);
            File.Delete(file);
            await Shell.Quiet.ReadAsync(new Command("sh", "-c", make, "sh", file), TestContext.Current.CancellationToken);
            Assert.Contains(said, await RefusedAsync(), StringComparison.Ordinal);
            Assert.True(file == Dump ? BackupCatalog.Latest(_folder, "sample") is null : BackupCatalog.Latest(_folder, "sample") is { Facts: null });
            if (Directory.Exists(file))
                Directory.Delete(file);
            else
                File.Delete(file);
            File.Delete(file + ".real");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task That_a_passed_dump_cannot_be_noted_changes_nothing_about_it()
    {
        Write(SampleDump.Bytes, Right);
        // What is to be replaced is a folder that isn't empty: no right of root's helps.
        var verification = VerifyAsync();
        Assert.Equal(Right, (await verification).Sha256);
        File.Delete(BackupFacts.PathOf(Dump));
        var facts = BackupFacts.PathOf(Dump);
        using var said = new StringWriter();
        var narration = new Narration(said, new Secrets());
        narration.Copy = line =>
        {
            // Between reading and writing.
            if (line.Contains("can be read by others", StringComparison.Ordinal) && !Directory.Exists(facts))
                Directory.CreateDirectory(Path.Combine(facts, "in the way"));
        };
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Dump, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var verified = await new BackupVerification(new Shell(narration, Journal.None)).VerifyAsync(
            new VerifyRequest(Dump, "sample", VerifyLevel.Checksum, "", "", "run"), TestContext.Current.CancellationToken);
        Assert.Equal(Right, verified.Sha256);
        Assert.Contains("can't be noted beside it", said.ToString(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("cat: write error: No space left on device", "make room: ")]
    [InlineData("it has a reason of its own", "by hand: ")]
    public async Task A_backup_command_that_fails_is_refused_with_what_to_do(string complaint, string hint)
    {
        var script = new ScriptBackup(Shell.Quiet).TakeAsync(
            ["sh", "-c", $"echo half > \"$BACKUP_DIR/x.part\"; echo '{complaint}' >&2; exit 1"], _folder, new Runback.Runbook.Databases.PostgresServerAddress("db-1", "u", "d"),
            new BackupRequest(_folder, "run"), [], TestContext.Current.CancellationToken);
        var refusal = await Assert.ThrowsAsync<RunbookException>(() => script);
        Assert.Equal(Outcome.Refused, refusal.Outcome);
        Assert.Contains(complaint, refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith(hint, refusal.Hint![refusal.Hint!.IndexOf(hint, StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(28, "found the disk full")]
    [InlineData(122, "found the disk full")]
    [InlineData(27, "allows no more")]
    [InlineData(30, "a read-only file system")]
    [InlineData(5, "expected to be able to write")]
    public void A_disk_that_fails_halfway_is_told_with_what_to_do(int errno, string said)
    {
        var refusal = new BackupFolder(_folder).Unusable(new IOException("it failed", errno), Dump);
        Assert.Equal(Outcome.Refused, refusal.Outcome);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        Assert.NotNull(refusal.Hint);
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
