using Runback.Runbook.Databases;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Restores;

/// <summary>
/// What restores of other runs left unfinished: scratch databases by mark and name both, and copies of dumps in the container. Whoever calls
/// this holds the deployment, so no other run is under way. Databases that were the application's are never removed, nor is anything else.
/// </summary>
/// <param name="server">The application's database.</param>
/// <param name="run">The run that cleans up.</param>
public sealed class RestoreLeftovers(PostgresServer server, Run run)
{
    /// <summary>Removes them.</summary>
    /// <returns>The names of what was removed.</returns>
    /// <exception cref="RunbookException">The server can't be reached, or refuses.</exception>
    public async Task<IReadOnlyList<string>> RemoveAsync(CancellationToken cancellation)
    {
        var maintenance = await MaintenanceDatabase.FindAsync(server, cancellation);
        var state = await RestoreState.ReadAsync(maintenance, server.Address.Database, cancellation);
        var removed = new List<string>();
        foreach (var scratch in state.Marked.Where(each => each.Mark.Run != run.Id && each.Mark.Stage is RestoreStage.Restoring or RestoreStage.Ready))
        {
            run.Narration.Say($"  {scratch.Name} was left by the run {scratch.Mark.Run}");
            await DropAsync(maintenance, scratch.Name, run, cancellation);
            removed.Add(scratch.Name);
        }
        foreach (var unmarked in state.Unmarked)
            run.Narration.Warn($"the database {unmarked} is called like a restore's, and nothing tells whose it is: it stays", $"if it is of no use: DROP DATABASE {SqlText.Identifier(unmarked)}");
        removed.AddRange(await FilesAsync(cancellation));
        return removed;
    }

    /// <summary>Drops a scratch database with whoever is connected to it: a pg_restore outlives the run that started it.</summary>
    internal static Task DropAsync(PostgresServer maintenance, string name, Run run, CancellationToken cancellation) =>
        SqlChange.MakeAsync(maintenance, run, [$"DROP DATABASE IF EXISTS {SqlText.Identifier(name)} WITH (FORCE)"], cancellation);

    private async Task<IReadOnlyList<string>> FilesAsync(CancellationToken cancellation)
    {
        // Constant; a pattern without a match stays as it is, which -f sorts out.
        const string script = "for f in /tmp/runback-restore-* /var/tmp/runback-restore-*; do if [ -f \"$f\" ]; then echo \"$f\"; fi; done";
        var listed = await run.Shell.ReadAsync(EngineWay.Exec(EngineApi.Shared, server.Address.Container, [], [], ["sh", "-c", script]), cancellation);
        var removed = new List<string>();
        foreach (var path in listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(path => !path.Contains(run.Id, StringComparison.Ordinal)))
        {
            await run.Shell.ChangeAsync(ContainerFile.Remove(server, path), cancellation);
            removed.Add(path);
        }
        return removed;
    }
}
