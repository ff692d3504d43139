using System.Diagnostics;
using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>
/// Verifies a dump as far as is asked. What is decoded or restored is hashed on its way there: the bytes that passed are those that were judged.
/// </summary>
/// <param name="shell">Runs the commands.</param>
public sealed class BackupVerification(Shell shell)
{
    private const string TakeAnother = "take a new backup (./build.sh Backup), or name another dump";

    /// <summary>Verifies it, and notes the success in its facts. In a dry run the file is checked only, and nothing noted.</summary>
    /// <exception cref="RunbookException">It didn't pass, with the reason.</exception>
    public async Task<VerifiedBackup> VerifyAsync(VerifyRequest request, CancellationToken cancellation)
    {
        var level = shell.DryRun ? VerifyLevel.Checksum : request.Level;
        return await LookAsync(request, level, async (file, expected) => level switch
        {
            VerifyLevel.Checksum => (await HashAsync(file, expected, request, cancellation), null),
            VerifyLevel.Decode => (await DecodeAsync(file, expected, request, cancellation), null),
            _ => await RestoreAsync(file, expected, request, cancellation),
        });
    }

    /// <summary>Verifies it at <see cref="VerifyLevel.Restore"/> in a scratch server that is there, and leaves the restored database in it.</summary>
    /// <returns>The dump that passed, and the restored database.</returns>
    /// <exception cref="RunbookException">It didn't pass, with the reason.</exception>
    public async Task<(VerifiedBackup Backup, PostgresServer Restored)> VerifyIntoAsync(VerifyRequest request, ScratchServer scratch, CancellationToken cancellation)
    {
        PostgresServer? restored = null;
        var verified = await LookAsync(request, VerifyLevel.Restore, async (file, expected) =>
        {
            await HashAsync(file, expected, request, cancellation);
            (var seen, var content, restored) = await RestoreAsync(file, expected, request, scratch, cancellation);
            return (seen, content);
        });
        return (verified, restored!);
    }

    private async Task<VerifiedBackup> LookAsync(
        VerifyRequest request, VerifyLevel level, Func<FileStream, Expectation, Task<(DumpStream.Result Seen, RestoredContent? Content)>> look)
    {
        var watch = Stopwatch.StartNew();
        var name = Path.GetFileName(request.File);
        await using var file = DumpFile.Open(request.File);
        var expected = Expect(request, file, shell.Narration);
        var (seen, content) = await look(file, expected);
        var facts = expected.Facts ?? Minimal(request, seen);
        var seconds = Math.Round(watch.Elapsed.TotalSeconds, 3);
        if (!shell.DryRun)
        {
            // The same bytes: what they passed before still holds.
            var highest = facts.Verified is { } before && before.Level > level ? before.Level : level;
            facts = facts with { Revisions = facts.Revisions ?? content?.Revisions, Verified = new BackupFacts.Verification(highest, DateTimeOffset.UtcNow, seconds) };
            Note(facts, request.File);
        }
        shell.Narration.Say($"  {name}: passed {level} in {seconds:0.0} s{(content is null ? "" : $", {content.Tables.Count} tables with {Bytes.Grouped(content.Tables.Sum(table => table.Rows ?? 0))} rows")}");
        return new VerifiedBackup(request.File, seen.Sha256, seen.Bytes, level, seconds, content?.Tables, facts.Revisions);
    }

    // That it passed is known; that it can't be written down changes nothing about it.
    private void Note(BackupFacts facts, string dump)
    {
        try
        {
            facts.Write(dump);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            shell.Narration.Warn($"that {Path.GetFileName(dump)} passed can't be noted beside it: {exception.Message}", "make room in the backup folder, or make it writable; the next verification notes it");
        }
    }

    internal sealed record Expectation(string Sha256, BackupFacts? Facts);

    /// <summary>What the files beside a dump say that it is, as far as that can be told without reading it.</summary>
    internal static Expectation Expect(VerifyRequest request, FileStream file, Narration narration)
    {
        var name = Path.GetFileName(request.File);
        if (file.Length == 0)
            throw RunbookException.Refused($"expected a dump in {request.File}, found an empty file", TakeAnother);
        var checksum = ChecksumFile.Read(request.File);
        var facts = BackupFacts.Read(request.File);
        if (facts is not null && facts.Bytes != file.Length)
            throw RunbookException.Refused($"expected {Bytes.Grouped(facts.Bytes)} bytes in {name} as were written, found {Bytes.Grouped(file.Length)}", TakeAnother);
        if (facts?.SystemIdentifier is { } cluster && request.SystemIdentifier is { } wanted && cluster != wanted)
            throw RunbookException.Refused($"expected a dump of the cluster {wanted}, found one of {cluster}", "it is of another server with a database of the same name: name another dump");
        if (!OperatingSystem.IsWindows() && (file.SafeFileHandle is var handle && (File.GetUnixFileMode(handle) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0))
            narration.Warn($"{name} can be read by others than its owner", $"chmod 600 {request.File}");
        return new Expectation(checksum, facts);
    }

    private async Task<DumpStream.Result> HashAsync(FileStream file, Expectation expected, VerifyRequest request, CancellationToken cancellation)
    {
        file.Position = 0;
        var seen = await Stream(file, "read").CopyAsync(file, System.IO.Stream.Null, cancellation);
        Judge(seen, expected, request);
        return seen;
    }

    private async Task<DumpStream.Result> DecodeAsync(FileStream file, Expectation expected, VerifyRequest request, CancellationToken cancellation)
    {
        var (sent, complaint) = await DumpDecoding.RunAsync(
            input => Stream(file, "decoded").CopyAsync(file, input, cancellation), Options(request), shell, cancellation);
        // A wrong checksum explains a complaint; where reading stopped early it isn't known yet.
        if (sent is not null)
            Judge(sent, expected, request);
        else
            sent = await HashAsync(file, expected, request, cancellation);
        return complaint is null ? sent : throw new PostgresException($"{Path.GetFileName(request.File)}: {complaint.Message}", complaint.Hint ?? TakeAnother);
    }

    private async Task<(DumpStream.Result Seen, RestoredContent? Content)> RestoreAsync(
        FileStream file, Expectation expected, VerifyRequest request, CancellationToken cancellation)
    {
        // Reading it twice costs a fraction of a restore, and a damaged dump needs no server to be found out.
        await HashAsync(file, expected, request, cancellation);
        await using var scratch = await ScratchServer.StartAsync(Options(request), shell, cancellation);
        var (seen, content, _) = await RestoreAsync(file, expected, request, scratch, cancellation);
        return (seen, content);
    }

    private async Task<(DumpStream.Result Seen, RestoredContent Content, PostgresServer Restored)> RestoreAsync(
        FileStream file, Expectation expected, VerifyRequest request, ScratchServer scratch, CancellationToken cancellation)
    {
        file.Position = 0;
        var needed = file.Length + (expected.Facts?.DatabaseBytes ?? file.Length * 4) * request.Copies;
        if (await scratch.FreeBytesAsync(cancellation) is var free && free < needed)
        {
            throw RunbookException.Refused(
                $"expected {Bytes.Readable(needed)} free for {(request.Copies == 1 ? "a scratch copy" : $"{request.Copies} scratch copies")} on the engine's disk, found {Bytes.Readable(free)}",
                "make room where the engine keeps its containers" + (request.Copies == 1 ? ", or verify less: --verify-level Decode" : ""));
        }
        var (path, seen) = await scratch.CopyInAsync(input => Stream(file, "copied").CopyAsync(file, input, cancellation), "restore.dump", cancellation);
        Judge(seen, expected, request);
        if (seen.Contents is not { } contents)
            throw RunbookException.Refused($"expected an archive format that Runback knows in {Path.GetFileName(request.File)}, found a newer one", "verify less: --verify-level Decode");
        var restored = await new ScratchRestore(scratch.Server, shell) { Jobs = request.Jobs }.RunAsync(path, contents, expected.Facts?.Roles ?? [], cancellation);
        var content = await RestoredContent.ReadAsync(restored, cancellation);
        if (expected.Facts?.Tables is null)
            shell.Narration.Warn("nobody counted the rows when this dump was taken: it restores, and there is nothing to compare it with");
        else if (content.DifferencesFrom(expected.Facts) is { Count: > 0 } differences)
            throw RunbookException.Refused($"{Path.GetFileName(request.File)}: {string.Join("; ", differences.Take(5))}{(differences.Count > 5 ? $"; and {differences.Count - 5} more" : "")}", TakeAnother);
        return (seen, content, restored);
    }

    private DumpStream Stream(FileStream file, string what) => new() { Progress = DumpStream.Say(shell.Narration, what, file.Length) };

    private static ScratchOptions Options(VerifyRequest request) => new(request.Image, request.Deployment, request.Run);

    /// <summary>Whether what was read is the dump that was expected.</summary>
    internal static void Judge(DumpStream.Result seen, Expectation expected, VerifyRequest request)
    {
        var name = Path.GetFileName(request.File);
        if (seen.Sha256 != expected.Sha256)
        {
            throw RunbookException.Refused(
                $"expected {name} to have the SHA-256 {expected.Sha256} that was noted when it was written, found {seen.Sha256}{(seen.Fault is { } why ? $"; the file {why}" : "")}",
                TakeAnother);
        }
        if (request.Sha256 is { } known && known != seen.Sha256)
            throw RunbookException.Refused($"expected {name} to be the dump that this run took or verified ({known}), found another one with a checksum to match ({seen.Sha256})", "somebody replaced it meanwhile: see who; " + TakeAnother);
        if (expected.Facts is { } facts && facts.Sha256 != expected.Sha256)
            throw RunbookException.Refused($"expected {name} and its checksum to be those of the run {facts.Run} ({facts.Sha256}), found another dump ({seen.Sha256})", TakeAnother);
        if (seen.Fault is { } fault)
            throw RunbookException.Refused($"expected a whole dump in PostgreSQL's custom format, found that {name} {fault}", TakeAnother);
        if ((seen.Contents?.Database ?? expected.Facts?.Database) is { } database && database != request.Database)
            throw RunbookException.Refused($"expected a dump of the database {request.Database}, found one of {database}", "name a dump of this deployment's database");
    }

    private static BackupFacts Minimal(VerifyRequest request, DumpStream.Result seen) => new()
    {
        Run = request.Run, Database = request.Database, ServerVersion = seen.Contents?.ServerVersion, DumpVersion = seen.Contents?.DumpVersion,
        Started = File.GetLastWriteTimeUtc(request.File), Finished = File.GetLastWriteTimeUtc(request.File), Bytes = seen.Bytes, Sha256 = seen.Sha256,
    };
}
