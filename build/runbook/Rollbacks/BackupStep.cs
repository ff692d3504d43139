using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>The backup's part of a rollback: taken with the server's own tools or the runbook's script, then verified.</summary>
/// <param name="context">The run's context.</param>
public sealed class BackupStep(RollbackContext context)
{
    /// <summary>Takes the backup.</summary>
    /// <exception cref="RunbookException">It couldn't be taken.</exception>
    public async Task TakeAsync(CancellationToken cancellation)
    {
        await context.BeginAsync(cancellation);
        try
        {
            await TakeNowAsync(cancellation);
        }
        catch (RunbookException exception) when (context.Course == Course.Restore)
        {
            // A restore is for a database that may be past dumping; it is kept as it is, under another name.
            context.Run.Narration.Warn($"no fresh backup: {exception.Message}", "the database that is put aside stays as it is");
        }
    }

    private async Task TakeNowAsync(CancellationToken cancellation)
    {
        var server = await PostgresServer.OfAsync(context.Deployment, context.Run.Shell, cancellation);
        var request = new BackupRequest(context.Deployment.BackupPath, context.Run.Id) { RollbackTo = context.Target?.Tag };
        if (context.Request.BackupCommand is null && await AgainAsync(server, cancellation) is { } again)
        {
            context.Backup = again;
            Note(null);
            return;
        }
        context.Backup = context.Request.BackupCommand is { } command
            ? await new ScriptBackup(context.Run.Shell).TakeAsync(
                CommandLine.Split(command), context.Deployment.Directory, server.Address, request, ScriptEnvironment(), cancellation)
            : await new DatabaseBackup(server, context.Run.Shell).TakeAsync(request, cancellation);
        Note(null);
    }

    // The dump of a run that was ended halfway, if nothing was written since and it is still what was written then.
    private async Task<Backup?> AgainAsync(PostgresServer server, CancellationToken cancellation)
    {
        if (context is not { Takeover: { } takeover, Run.DryRun: false }
            || await new UnwrittenSince(server).FindAsync(context.Deployment.BackupPath, [.. takeover.Runs.Select(run => run.Id)], cancellation) is not { } found)
        {
            return null;
        }
        try
        {
            var request = new VerifyRequest(found.File, context.Deployment.Database, VerifyLevel.Checksum, "", context.Situation!.Project.Name, context.Run.Id);
            await new BackupVerification(context.Run.Shell).VerifyAsync(request, cancellation);
            context.Say($"  the backup that run {found.Facts!.Run} took is used again: nothing was written to the server since (the next transaction is still {found.Facts.NextTransaction})");
            return found;
        }
        catch (RunbookException damaged)
        {
            context.Run.Narration.Warn($"the backup that run {found.Facts!.Run} took can't be used again: {damaged.Message}", "a new one is taken");
            return null;
        }
    }

    /// <summary>Verifies the backup that this run took, or the one named, or the latest.</summary>
    /// <exception cref="RunbookException">It didn't pass, or there is none.</exception>
    public async Task VerifyAsync(CancellationToken cancellation)
    {
        var situation = await context.BeginAsync(cancellation);
        if (File() is not { } file || (context.Course == Course.Restore && context.Backup is null))
        {
            if (context.Course == Course.Restore)
            {
                context.Say("  there is no fresh backup to verify; the one that is restored is verified in the rehearsal");
                return;
            }
            if (context.Run.DryRun)
            {
                context.Say($"  the dump that a run takes would be verified: {context.Request.VerifyLevel}");
                return;
            }
            throw RunbookException.Refused(
                $"expected a dump of {context.Deployment.Database} in {context.Deployment.BackupPath}, found none", "take one: ./build.sh Backup");
        }
        var image = situation.Database?.ImageId ?? throw RunbookException.Refused(
            $"expected a container of the service `{context.Deployment.DatabaseService}`, found none",
            "a dump is verified with the database's own image: create the container, docker compose create db");
        if (!context.Run.DryRun)
            await ScratchContainer.RemoveLeftoversAsync(situation.Project.Name, cancellation);
        var request = new VerifyRequest(file, context.Deployment.Database, context.Request.VerifyLevel, image, situation.Project.Name, context.Run.Id)
        {
            SystemIdentifier = await ClusterAsync(cancellation), Sha256 = Known(file),
        };
        var verified = await new BackupVerification(context.Run.Shell).VerifyAsync(request, cancellation);
        context.Run.Result.Backup = new BackupRecord(verified.File, verified.Sha256, verified.Bytes, verified.Level.ToString());
    }

    // The runbook's script wants a host; where nothing else is said, it reaches the database through a port on this one.
    private static IEnumerable<KeyValuePair<string, string>> ScriptEnvironment() =>
        Environment.GetEnvironmentVariable("POSTGRES_HOST") is null ? [new("POSTGRES_HOST", "localhost")] : [];

    // A dump of another server's database of the same name is told by the cluster's identifier, where the database can be asked for it.
    internal async Task<string?> ClusterAsync(CancellationToken cancellation)
    {
        try
        {
            var server = await PostgresServer.OfAsync(context.Deployment, context.Run.Shell, cancellation);
            return await server.ScalarAsync("SELECT system_identifier FROM pg_control_system()", cancellation);
        }
        catch (RunbookException)
        {
            return null;
        }
    }

    /// <summary>The SHA-256 that this run itself saw of a dump, when it took, announced, verified or rehearsed it; null when it hasn't. The files beside a dump can be replaced with it.</summary>
    /// <param name="file">The dump's full path.</param>
    internal string? Known(string file) =>
        context.Point is { } point && point.Backup.File == file ? point.Sha256
        : context.Rehearsal?.Backup is { } rehearsed && rehearsed.File == file ? rehearsed.Sha256
        : context.Run.Result.Backup is { } recorded && recorded.File == file ? recorded.Sha256
        : null;

    // In a dry run nothing was taken: there an older dump would say nothing about the one that a run takes.
    internal string? File() => context.Backup?.File
        ?? (context.Request.BackupFile is { } named ? Path.GetFullPath(named, context.Deployment.BackupPath)
            : context.Run.DryRun && context.Target is not null ? null
            : BackupCatalog.Latest(context.Deployment.BackupPath, context.Deployment.Database)?.File);

    private void Note(string? level)
    {
        if (context.Backup is { Facts: { } facts } backup)
            context.Run.Result.Backup = new BackupRecord(backup.File, facts.Sha256, backup.Bytes, level);
    }
}
