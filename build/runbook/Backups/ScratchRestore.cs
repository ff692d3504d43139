using System.Text.RegularExpressions;
using Runback.Runbook.Databases;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Backups;

/// <summary>Restores a dump into a throw-away server under its own name, with owners, privileges and the database's settings.</summary>
/// <param name="server">The server, as its superuser, on a database other than the dump's.</param>
/// <param name="shell">Runs the commands.</param>
public sealed partial class ScratchRestore(PostgresServer server, Shell shell)
{
    /// <summary>Connections that restore side by side.</summary>
    public int Jobs { get; init; } = 4;

    /// <summary>Restores a dump that was copied into the container.</summary>
    /// <param name="path">The dump's path there.</param>
    /// <param name="contents">What the dump says of itself.</param>
    /// <param name="roles">The roles that the dump's server had, where known.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The restored database.</returns>
    /// <exception cref="PostgresException">pg_restore failed.</exception>
    public async Task<PostgresServer> RunAsync(string path, ArchiveContents contents, IEnumerable<string> roles, CancellationToken cancellation)
    {
        var known = roles.Concat(contents.Owners).Where(role => role != server.Address.User && !role.StartsWith("pg_", StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        if (known.Count > 0)
        {
            var there = await server.QueryAsync("SELECT rolname FROM pg_catalog.pg_roles", cancellation);
            var missing = known.Except(there.Select(role => role.GetProperty("rolname").GetString()!), StringComparer.Ordinal).ToList();
            await server.ExecuteAsync(string.Join("\n", missing.Select(Create)), cancellation);
        }
        while (true)
        {
            // initdb makes one of this name; here nothing lives in it.
            await server.ExecuteAsync($"DROP DATABASE IF EXISTS {SqlText.Identifier(contents.Database)};", cancellation);
            var command = server.Program("pg_restore", "runback-restore",
                "--create", "--exit-on-error", "--no-tablespaces", $"--jobs={Jobs}", path);
            var result = await shell.TryAsync(command, cancellation);
            if (result.Succeeded)
                return server.On(contents.Database);
            // Who took the dump with another program noted no roles; the dump itself names those that it grants to only in SQL.
            if (MissingRole().Match(result.Error) is { Success: true } unknown && known.Add(unknown.Groups["role"].Value))
                await server.ExecuteAsync(Create(unknown.Groups["role"].Value), cancellation);
            else
                throw Failure(result);
        }
    }

    private static string Create(string role) => $"CREATE ROLE {SqlText.Identifier(role)};";

    private static PostgresException Failure(CommandResult result)
    {
        var error = PostgresComplaint.Explain("the dump to restore into a scratch server of the database's image", result.Error, result.ExitCode);
        return error.Message.Contains("extension", StringComparison.OrdinalIgnoreCase)
            ? new PostgresException(error.Message, "the database uses an extension that its image doesn't hold: put it into the image, so that a restore works at all")
            : new PostgresException(error.Message, error.Hint ?? "the dump can't be restored as it is: take a new backup, and see why");
    }

    [GeneratedRegex("ERROR:\\s+role \"(?<role>[^\"]+)\" does not exist")]
    private static partial Regex MissingRole();
}
