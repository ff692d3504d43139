using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>Takes a backup with the runbook's own script, and finds the dump that it made.</summary>
/// <param name="shell">Runs it.</param>
public sealed class ScriptBackup(Shell shell)
{
    /// <summary>Runs the script in the deployment's folder and gives the newest dump that it made or changed.</summary>
    /// <param name="arguments">The script and its arguments (<see cref="CommandLine.Split"/>).</param>
    /// <param name="workingDirectory">The deployment's folder.</param>
    /// <param name="address">The database, for <c>POSTGRES_DB</c>, <c>POSTGRES_USER</c> and <c>POSTGRES_PASSWORD</c>.</param>
    /// <param name="request">The backup folder, for <c>BACKUP_DIR</c>.</param>
    /// <param name="environment">What else the script needs, such as <c>POSTGRES_HOST</c>.</param>
    /// <param name="cancellation">Ends the script.</param>
    /// <returns>The dump, or null in a dry run.</returns>
    /// <exception cref="RunbookException">The script failed, made no dump, or one that isn't what its checksum says.</exception>
    public async Task<Backup?> TakeAsync(
        IReadOnlyList<string> arguments, string workingDirectory, PostgresServerAddress address, BackupRequest request,
        IEnumerable<KeyValuePair<string, string>> environment, CancellationToken cancellation)
    {
        var folder = new BackupFolder(request.Folder);
        folder.Check();
        var command = new Command(Executable(arguments[0], workingDirectory), [.. arguments.Skip(1)])
        {
            WorkingDirectory = workingDirectory,
            Environment =
            [
                .. environment,
                new("POSTGRES_DB", address.Database), new("POSTGRES_USER", address.User), new("BACKUP_DIR", request.Folder),
                // The runbook's script prunes by age; during an incident nothing does.
                new("RETENTION_DAYS", "0"),
            ],
        }.WithSecret("POSTGRES_PASSWORD", address.Password);
        var before = Dumps(request.Folder);
        var started = DateTimeOffset.UtcNow;
        try
        {
            await shell.ChangeInterruptiblyAsync(command, cancellation);
        }
        catch (CommandFailedException failed)
        {
            throw new RunbookException(failed.Message, BackupFolder.IsFull(failed.Result.Complaint)
                ? $"make room: {Bytes.Readable(folder.FreeBytes)} are free in {request.Folder}; or name a folder on another disk with --backup-directory. What the script left there is yours to remove"
                : $"see what the backup command says; by hand: {command}", Outcome.Refused, failed);
        }
        if (shell.DryRun)
            return null;
        var after = Dumps(request.Folder);
        foreach (var gone in before.Keys.Except(after.Keys, StringComparer.Ordinal))
            shell.Narration.Warn($"the backup command removed {gone}", "during an incident nothing should prune backups: take the pruning out of the script");
        var made = after.Where(each => !before.TryGetValue(each.Key, out var was) || was != each.Value).ToList();
        if (made.Count == 0)
        {
            throw RunbookException.Refused(
                $"expected a new *.dump in {request.Folder} from `{arguments[0]}`, found none", "let the script write into the folder that BACKUP_DIR names, or drop --backup-command");
        }
        return await NotedAsync(made.MaxBy(each => each.Value.At).Key, address.Database, request, started, cancellation);
    }

    private static Dictionary<string, (DateTime At, long Bytes)> Dumps(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*.dump").Where(file => RegularFile.Is(file.FullName)).ToDictionary(file => file.FullName, file => (file.LastWriteTimeUtc, file.Length), StringComparer.Ordinal);

    // A path is meant from the deployment's folder, where the runbook's reader stands.
    private static string Executable(string file, string workingDirectory) =>
        file.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(file, workingDirectory) : file;

    private static void Write(string dump, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BackupFolder(Path.GetDirectoryName(dump)!).Unusable(exception, dump);
        }
    }

    private static async Task<Backup> NotedAsync(string dump, string database, BackupRequest request, DateTimeOffset started, CancellationToken cancellation)
    {
        var name = Path.GetFileName(dump);
        DumpStream.Result seen;
        await using (var source = DumpFile.Open(dump))
            seen = await new DumpStream().CopyAsync(source, Stream.Null, cancellation);
        var checksum = ChecksumFile.PathOf(dump);
        if (!Path.Exists(checksum))
            Write(dump, () => PrivateFiles.Replace(checksum, ChecksumFile.Line(seen.Sha256, name)));
        else if (ChecksumFile.Read(dump) is var noted && noted != seen.Sha256)
            throw RunbookException.Refused($"expected {name} to have the SHA-256 {noted} that the script noted, found {seen.Sha256}", "the dump is damaged: take the backup again");
        if (seen.Fault is { } fault)
            throw RunbookException.Refused($"expected a whole dump in custom format from the script, found that {name} {fault}", "let the script use pg_dump --format=custom");
        var facts = new BackupFacts
        {
            Run = request.Run, Database = database, RollbackTo = request.RollbackTo, ServerVersion = seen.Contents?.ServerVersion, DumpVersion = seen.Contents?.DumpVersion,
            Started = started, Finished = DateTimeOffset.UtcNow, Bytes = seen.Bytes, Sha256 = seen.Sha256,
        };
        Write(dump, () => facts.Write(dump));
        return new Backup(dump, BackupName.Parse(name)?.At ?? started, seen.Bytes, facts);
    }
}
