using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>Writes some tables into a dump of their own, hashed and checked on the way as a whole backup is.</summary>
/// <param name="server">The server.</param>
/// <param name="shell">Runs the command.</param>
public sealed class TableDump(PostgresServer server, Shell shell)
{
    /// <summary>Writes them, readable by the owner only, with the checksum beside it.</summary>
    /// <param name="file">The file, which must not exist.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="cancellation">Ends it; nothing is left then.</param>
    /// <exception cref="RunbookException">It couldn't be written.</exception>
    public async Task WriteAsync(string file, IReadOnlyCollection<(string Schema, string Table)> tables, CancellationToken cancellation)
    {
        // Quoted parts of a pattern match literally (PostgreSQL manual, psql, "Patterns").
        var dump = server.Program("pg_dump", "runback-keep", ["--format=custom", .. tables.Select(table => "--table=" + SqlText.Identifier(table.Schema, table.Table))]);
        var (folder, name) = (Command.Quote(Path.GetDirectoryName(file)!), Command.Quote(Path.GetFileName(file)));
        await shell.ChangeAsync($"(umask 077 && cd {folder} && {dump} > {name} && sha256sum {name} > {name}{BackupName.ChecksumSuffix})", () => StreamAsync(dump, file, cancellation));
    }

    private static async Task StreamAsync(Command dump, string file, CancellationToken cancellation)
    {
        try
        {
            await using var process = Shell.Start(dump);
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
        catch
        {
            File.Delete(file);
            throw;
        }
    }
}
