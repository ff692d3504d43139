using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>What a backup needs to know.</summary>
/// <param name="Folder">The backup folder's full path.</param>
/// <param name="Run">The run's id.</param>
public sealed record BackupRequest(string Folder, string Run)
{
    /// <summary>The release that the run is on its way back to (<see cref="BackupFacts.RollbackTo"/>), or null.</summary>
    public string? RollbackTo { get; init; }

    /// <summary>Bytes that stay free on the backup folder's disk.</summary>
    public long Reserve { get; init; } = 256_000_000;

    /// <summary>Whether the dump's likely size is compared with the free room before it begins.</summary>
    public bool CheckRoom { get; init; } = true;

    /// <summary>How long pg_dump waits for a table that somebody else has locked.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>
/// Takes a backup with the server's own pg_dump, streamed out of its container, hashed and checked on the way. A dump gets its name last:
/// whatever is called <c>….dump</c> is whole and has its checksum beside it.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="shell">Runs the commands.</param>
public sealed class DatabaseBackup(PostgresServer server, Shell shell)
{
    private const int ServerWithZstd = 160_000;

    /// <summary>Takes it. In a dry run, says the commands only.</summary>
    /// <returns>The dump, or null in a dry run.</returns>
    /// <exception cref="RunbookException">It couldn't be taken; then nothing is left under the dump's name.</exception>
    public async Task<Backup?> TakeAsync(BackupRequest request, CancellationToken cancellation)
    {
        var folder = new BackupFolder(request.Folder);
        folder.Check();
        var application = $"runback-{Guid.NewGuid():N}"[..20];
        var started = DateTimeOffset.UtcNow;
        await using var snapshot = await DatabaseSnapshot.HoldAsync(server, application, cancellation);
        if (snapshot.Version.Table is null)
            shell.Narration.Warn($"no table {AlembicVersion.UsualTable} in {server.Address.Database}: the dump's revision stays unknown", "is --database the application's?");
        var about = Likely(BackupCatalog.List(request.Folder, server.Address.Database), snapshot.DatabaseBytes);
        if (request.CheckRoom)
            folder.CheckRoom(about, request.Reserve);
        if (!shell.DryRun)
        {
            foreach (var leftover in folder.RemoveLeftovers())
                shell.Narration.Say($"  removed {leftover}, left by a run that was ended");
        }
        var file = await FreeNameAsync(request.Folder, cancellation);
        var dump = Dump(snapshot, application + "-dump", request, ZstdOf(snapshot));
        Backup? taken = null;
        await shell.ChangeAsync(Pasteable(dump, file), async () =>
        {
            try
            {
                taken = await WriteAsync(dump, file, about, folder, snapshot, started, request, cancellation);
            }
            catch (PostgresException exception) when (exception.Message.Contains("not support compression with", StringComparison.OrdinalIgnoreCase))
            {
                // A pg_dump built without zstd.
                taken = await WriteAsync(Dump(snapshot, application + "-dump", request, "1"), file, about, folder, snapshot, started, request, cancellation);
            }
        });
        if (taken is { Facts: { } facts })
        {
            var seconds = (facts.Finished - facts.Started).TotalSeconds;
            shell.Narration.Say(
                $"  {taken.File}: {Bytes.Readable(taken.Bytes)} of {Bytes.Readable(facts.DatabaseBytes)} in {seconds:0.0} s, sha256 {facts.Sha256[..12]}…, {facts.Tables!.Count} tables counted");
        }
        return taken;
    }

    /// <summary>The likely size of a dump: as the last one's, in proportion to the database, or two fifths of it (indexes aren't dumped).</summary>
    internal static long Likely(IReadOnlyList<Backup> earlier, long databaseBytes)
    {
        var last = earlier.FirstOrDefault(backup => backup.Facts is { DatabaseBytes: > 0 });
        return last is null ? databaseBytes * 2 / 5 : (long)(1.2 * last.Bytes / last.Facts!.DatabaseBytes * databaseBytes);
    }

    // Names have whole seconds: of two backups in one second, the second waits for the next.
    private async Task<string> FreeNameAsync(string folder, CancellationToken cancellation)
    {
        while (true)
        {
            var file = Path.Combine(folder, new BackupName(server.Address.Database, DateTimeOffset.UtcNow).File);
            if (!File.Exists(file) && !File.Exists(file + BackupName.PartSuffix))
                return file;
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
        }
    }

    private static string ZstdOf(DatabaseSnapshot snapshot) => snapshot.ServerVersionNumber >= ServerWithZstd ? "zstd:1" : "1";

    private Command Dump(DatabaseSnapshot snapshot, string application, BackupRequest request, string compression) =>
        server.Program("pg_dump", application,
            "--format=custom", "--compress=" + compression, "--snapshot=" + snapshot.Id,
            $"--lock-wait-timeout={(long)request.LockWait.TotalMilliseconds}");

    // By hand there is no held snapshot to join, and no session to be found by its name.
    private static string Pasteable(Command dump, string file)
    {
        var byHand = dump with
        {
            Arguments = [.. dump.Arguments.Where((argument, i) =>
                !argument.StartsWith("--snapshot=", StringComparison.Ordinal)
                && !argument.StartsWith("PGAPPNAME=", StringComparison.Ordinal)
                && !(argument == "--env" && dump.Arguments[i + 1].StartsWith("PGAPPNAME=", StringComparison.Ordinal)))],
        };
        var (folder, name) = (Command.Quote(Path.GetDirectoryName(file)!), Command.Quote(Path.GetFileName(file)));
        return $"(umask 077 && cd {folder} && {byHand} > {name} && sha256sum {name} > {Command.Quote(Path.GetFileName(file) + BackupName.ChecksumSuffix)})";
    }

    private async Task<Backup> WriteAsync(
        Command dump, string file, long about, BackupFolder folder, DatabaseSnapshot snapshot, DateTimeOffset started, BackupRequest request,
        CancellationToken cancellation)
    {
        var part = file + BackupName.PartSuffix;
        var application = dump.Arguments.First(argument => argument.StartsWith("PGAPPNAME=", StringComparison.Ordinal))["PGAPPNAME=".Length..];
        var mine = false;
        try
        {
            DumpStream.Result result;
            IReadOnlyList<TableRows> tables;
            using (var target = PrivateFiles.Create(part))
            {
                mine = true;
                (result, tables) = await StreamAsync(dump, target, about, folder, snapshot, request, cancellation);
                target.Flush(flushToDisk: true);
            }
            if (result.Fault is { } fault)
            {
                throw new RunbookException(
                    $"expected a whole dump from pg_dump, found that the stream {fault}", "the connection to the container broke: take the backup again", Outcome.Refused);
            }
            var facts = new BackupFacts
            {
                Run = request.Run, Database = server.Address.Database, RollbackTo = request.RollbackTo, ServerVersion = snapshot.ServerVersion, SystemIdentifier = snapshot.SystemIdentifier,
                DumpVersion = result.Contents?.DumpVersion, Image = (await server.ContainerAsync(cancellation)).Image,
                Revisions = snapshot.Version.Table is null ? null : snapshot.Version.Revisions, Snapshot = snapshot.At, NextTransaction = snapshot.NextTransaction,
                Started = started, Finished = DateTimeOffset.UtcNow, Bytes = result.Bytes, Sha256 = result.Sha256,
                DatabaseBytes = snapshot.DatabaseBytes, Tables = tables, LargeObjects = snapshot.LargeObjects, Roles = snapshot.Roles,
            };
            PrivateFiles.Replace(ChecksumFile.PathOf(file), ChecksumFile.Line(result.Sha256, Path.GetFileName(file)));
            facts.Write(file);
            File.Move(part, file, overwrite: false);
            return new Backup(file, BackupName.Parse(Path.GetFileName(file))!.At, result.Bytes, facts);
        }
        catch (Exception exception)
        {
            await server.EndSessionsAsync(application);
            if (mine)
                Remove(part, file);
            if (exception is IOException or UnauthorizedAccessException)
                throw folder.Unusable(exception, part);
            throw;
        }
    }

    private async Task<(DumpStream.Result Dump, IReadOnlyList<TableRows> Tables)> StreamAsync(
        Command dump, FileStream target, long about, BackupFolder folder, DatabaseSnapshot snapshot, BackupRequest request, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var process = await Shell.StartAsync(dump, cancellation);
        process.Input.Close();
        var error = process.Error;
        // A blocked read of the pipe ends with the process.
        await using var registration = cancellation.Register(process.Kill);
        var stream = new DumpStream
        {
            Progress = DumpStream.Say(shell.Narration, "dumped", about),
            Guard = () => CheckReserve(folder, request.Reserve),
        };
        var copying = stream.CopyAsync(process.Output, target, cancellation);
        // pg_dump holds its locks before it sends its first byte: counting sooner could queue it behind somebody who waits for us.
        await stream.Begun;
        var counting = snapshot.CountAsync(ending.Token);
        try
        {
            var result = await copying;
            var exitCode = await process.WaitAsync(cancellation);
            if (exitCode != 0)
                throw PostgresComplaint.Explain($"pg_dump of {server.Address.Database} in {server.Address.Container} to succeed", await error, exitCode);
            return (result, await counting);
        }
        catch
        {
            process.Kill();
            await ending.CancelAsync();
            await counting.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            cancellation.ThrowIfCancellationRequested();
            throw;
        }
    }

    private static void CheckReserve(BackupFolder folder, long reserve)
    {
        var free = folder.FreeBytes;
        if (free < reserve)
        {
            throw RunbookException.Refused(
                $"expected {Bytes.Readable(reserve)} to stay free in {folder.Path} while dumping, found {Bytes.Readable(free)} left",
                "the dump was given up before the disk filled: make room, or name a folder on another disk with --backup-directory");
        }
    }

    // A dump that got its name keeps its checksum; one that didn't leaves nothing.
    private static void Remove(string part, string file)
    {
        File.Delete(part);
        if (File.Exists(file))
            return;
        File.Delete(ChecksumFile.PathOf(file));
        File.Delete(BackupFacts.PathOf(file));
    }
}
