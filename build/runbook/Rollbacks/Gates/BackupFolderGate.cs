using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>A backup can be written: the folder is there, takes a file, and has room for a dump as large as is likely (trap 15).</summary>
public sealed class BackupFolderGate : IGate
{
    /// <inheritdoc/>
    public string Name => "backup folder";

    /// <inheritdoc/>
    public async Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation)
    {
        var folder = context.Deployment.BackupPath;
        var writable = Judge(folder);
        if (!writable.Passed || context.Request.BackupCommand is not null)
            return writable;
        try
        {
            var server = await PostgresServer.OfAsync(context.Deployment, context.Shell, cancellation);
            var bytes = long.Parse((await server.ScalarAsync("SELECT pg_database_size(current_database())", cancellation))!);
            var likely = DatabaseBackup.Likely(BackupCatalog.List(folder, context.Deployment.Database), bytes);
            new BackupFolder(folder).CheckRoom(likely, new BackupRequest(folder, "").Reserve);
            return writable with { Found = $"{writable.Found}, with room for a dump of about {Bytes.Readable(likely)}" };
        }
        catch (PostgresException exception) when (context.Course == Course.Restore)
        {
            return writable with { Found = $"{writable.Found}; the database can't be asked for its size: {exception.Message}" };
        }
        catch (RunbookException exception)
        {
            return new GateResult(Name, false, exception.Message, exception.Hint);
        }
    }

    private GateResult Judge(string folder)
    {
        if (!Directory.Exists(folder))
            return new GateResult(Name, false, $"expected the folder {folder}, found none", $"mkdir -m 700 {Processes.Command.Quote(folder)}");
        var probe = Path.Combine(folder, $".runback-{Guid.NewGuid():N}");
        try
        {
            using var file = new FileStream(probe, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
            return new GateResult(Name, true, $"{folder} is writable");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new GateResult(Name, false, $"expected to be able to write into {folder}, found: {exception.Message}", "make it writable, or run as its owner");
        }
    }
}
