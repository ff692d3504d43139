using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>
/// Writes some tables into a dump of their own, with all their partitions and inheriting tables, hashed and checked on the way as a whole backup is, and
/// proves that it holds every row.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="shell">Runs the command.</param>
public sealed class TableDump(PostgresServer server, Shell shell)
{
    private const string Application = "runback-keep";

    // PostgreSQL 16 release notes: "Add pg_dump options --table-and-children".
    private const int WithChildren = 160000;

    /// <summary>Whether each partition is named although the server's pg_dump could find them; before PostgreSQL 16 it can't.</summary>
    internal bool EachByName { get; init; }

    /// <summary>Writes them, readable by the owner only, with the checksum beside it.</summary>
    /// <param name="file">The file, which must not exist.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="cancellation">Ends it; nothing is left then.</param>
    /// <returns>What was kept: each table that holds rows, counted.</returns>
    /// <exception cref="RunbookException">It couldn't be written, or doesn't hold all rows; no file is left then.</exception>
    public async Task<IReadOnlyList<TableRows>> WriteAsync(string file, IReadOnlyCollection<(string Schema, string Table)> tables, CancellationToken cancellation)
    {
        // The rows that are counted are those that are dumped, even if somebody writes after all.
        await using var snapshot = await DatabaseSnapshot.HoldAsync(server, Application, cancellation);
        var tree = await snapshot.TreeAsync(tables, cancellation);
        if (tree.Missing.Count > 0)
        {
            throw new RunbookException(
                $"expected the tables that lose data, found none called {string.Join(", ", tree.Missing.Select(table => table.Name))}", "somebody changed the schema since the rehearsal: run the same command again");
        }
        // Quoted parts of a pattern match literally (PostgreSQL manual, psql, "Patterns").
        var options = snapshot.ServerVersionNumber >= WithChildren && !EachByName
            ? tables.Select(table => "--table-and-children=" + SqlText.Identifier(table.Schema, table.Table))
            : tree.Parents.Concat(tree.Holders).Select(table => "--table=" + SqlText.Identifier(table.Schema, table.Table));
        List<string> arguments = ["--format=custom", "--strict-names", .. options];
        var (folder, name) = (Command.Quote(Path.GetDirectoryName(file)!), Command.Quote(Path.GetFileName(file)));
        IReadOnlyList<TableRows> kept = [];
        // A snapshot ends with this program: a person who pastes the line takes the present moment.
        await shell.ChangeAsync(
            $"(umask 077 && cd {folder} && {server.Program("pg_dump", Application, arguments)} > {name} && sha256sum {name} > {name}{BackupName.ChecksumSuffix})",
            async () => kept = await WriteAsync(server.Program("pg_dump", Application, [.. arguments, "--snapshot=" + snapshot.Id]), file, tree, snapshot, cancellation));
        return kept;
    }

    private async Task<IReadOnlyList<TableRows>> WriteAsync(Command dump, string file, TableTree tree, DatabaseSnapshot snapshot, CancellationToken cancellation)
    {
        try
        {
            await StreamAsync(dump, file, cancellation);
            return await ProveAsync(file, tree, snapshot, cancellation);
        }
        catch (Exception exception)
        {
            File.Delete(file);
            File.Delete(ChecksumFile.PathOf(file));
            if (exception is IOException or UnauthorizedAccessException)
                throw new BackupFolder(Path.GetDirectoryName(file)!).Unusable(exception, file);
            throw;
        }
    }

    private static async Task StreamAsync(Command dump, string file, CancellationToken cancellation)
    {
        await using var process = await Shell.StartAsync(dump, cancellation);
        process.Input.Close();
        var error = process.Error;
        await using var registration = cancellation.Register(process.Kill);
        DumpStream.Result result;
        using (var target = PrivateFiles.Create(file))
        {
            result = await new DumpStream().CopyAsync(process.Output, target, cancellation);
            target.Flush(flushToDisk: true);
        }
        var exitCode = await process.WaitAsync(cancellation);
        if (exitCode != 0 || result.Fault is not null)
            throw PostgresComplaint.Explain($"pg_dump of single tables into {file} to succeed{(result.Fault is { } fault ? $" (the stream {fault})" : "")}", await error, exitCode);
        PrivateFiles.Replace(ChecksumFile.PathOf(file), ChecksumFile.Line(result.Sha256, Path.GetFileName(file)));
    }

    // pg_dump only warns of what it leaves out, or says nothing: what was written is decoded again, as a person would who needs the rows.
    private async Task<IReadOnlyList<TableRows>> ProveAsync(string file, TableTree tree, DatabaseSnapshot snapshot, CancellationToken cancellation)
    {
        var counted = await snapshot.CountAsync(tree.Holders, cancellation);
        var held = await DecodeAsync(file, cancellation);
        foreach (var table in counted)
        {
            var there = held.GetValueOrDefault((table.Schema, table.Table));
            if (table.Rows != there)
            {
                throw new RunbookException(
                    $"expected {(table.Rows is { } rows ? Bytes.Grouped(rows) : "a known number of")} rows of {table.Name} in the dump of the tables that lose data, found {Bytes.Grouped(there)}",
                    "nothing was downgraded: see pg_dump's own messages, and keep the table by hand before the same command is run again");
            }
        }
        return counted;
    }

    private async Task<IReadOnlyDictionary<(string Schema, string Table), long>> DecodeAsync(string file, CancellationToken cancellation)
    {
        await using var process = await Shell.StartAsync(server.Exec([], "pg_restore", ["--data-only", "--file=-"]), cancellation);
        var error = process.Error;
        await using var registration = cancellation.Register(process.Kill);
        var sending = SendAsync(file, process, cancellation);
        var rows = new CopiedRows();
        var block = new byte[1 << 18];
        for (int count; (count = await process.Output.ReadAsync(block, cancellation)) > 0;)
            rows.Write(block.AsSpan(0, count));
        await sending;
        return await process.WaitAsync(cancellation) is 0 ? rows.Counts : throw PostgresComplaint.Explain($"pg_restore to read {file}", await error, process.ExitCode);
    }

    private static async Task SendAsync(string file, RunningCommand process, CancellationToken cancellation)
    {
        try
        {
            await using var dump = DumpFile.Open(file);
            await dump.CopyToAsync(process.Input.BaseStream, 1 << 20, cancellation);
            process.Input.Close();
        }
        catch (IOException)
        {
            // It stopped reading; its exit code and its complaint tell why.
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
