using Runback.Runbook.Databases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Restores;

/// <summary>Statements that change something, and the one line with which a person would make the same change.</summary>
internal static class SqlChange
{
    /// <summary>The line: psql in the database's container with an argument for each statement. No statement here ever holds a secret.</summary>
    public static string Pasteable(PostgresServer server, IEnumerable<string> statements, bool together = false) =>
        server.Exec([], "psql",
        [
            "-X", "--username=" + server.Address.User, "--dbname=" + PostgresServer.ConnectionName(server.Address.Database), "--set=ON_ERROR_STOP=1",
            .. together ? ["-1"] : Array.Empty<string>(), .. statements.SelectMany(statement => new[] { "-c", statement }),
        ]).ToString();

    /// <summary>Makes the change, one statement after the other.</summary>
    public static Task MakeAsync(PostgresServer server, Run run, IReadOnlyList<string> statements, CancellationToken cancellation) =>
        statements.Count == 0
            ? Task.CompletedTask
            : run.Shell.ChangeAsync(Pasteable(server, statements), () => server.ExecuteAsync(string.Concat(statements.Select(statement => statement + ";\n")), cancellation));
}
