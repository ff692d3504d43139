using System.Text.Json;
using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Restores;

/// <summary>What makes a swap impossible, or dangerous for others: found before anything changes.</summary>
internal static class RestoreObstacles
{
    private const int OldestServer = 130_000;

    /// <summary>Checks the server, the role's rights, and what is tied to the application's database by its identity and not its name.</summary>
    /// <returns>Whether the role is a superuser.</returns>
    /// <exception cref="RunbookException">Something is in the way; nothing changed.</exception>
    public static async Task<bool> CheckAsync(PostgresServer maintenance, DatabaseProperties live, CancellationToken cancellation)
    {
        var rows = await maintenance.QueryAsync(
            $"""
            SELECT current_setting('server_version_num')::int AS number, pg_is_in_recovery() AS standby, r.rolsuper AS superuser,
                   r.rolcreatedb AS creates, pg_has_role(d.datdba, 'USAGE') AS owns, pg_has_role('pg_signal_backend', 'USAGE') AS signals,
                   d.datistemplate AS template, d.datallowconn AS open,
                   ARRAY(SELECT gid::text FROM pg_prepared_xacts WHERE database = d.datname ORDER BY 1) AS prepared,
                   ARRAY(SELECT slot_name::text FROM pg_replication_slots WHERE database = d.datname ORDER BY 1) AS slots,
                   ARRAY(SELECT subname::text FROM pg_subscription WHERE subdbid = d.oid ORDER BY 1) AS subscriptions
            FROM pg_database d, pg_roles r WHERE d.oid = {live.Oid} AND r.rolname = current_user
            """, cancellation);
        var facts = rows[0];
        var (name, user) = (live.Name, maintenance.Address.User);
        if (facts.GetProperty("number").GetInt32() < OldestServer)
            throw RunbookException.Refused("expected PostgreSQL 13 or newer, found an older server", "restore by hand, as the runbook's option 3 says");
        if (Is(facts, "standby"))
            throw RunbookException.Refused($"expected the primary server in {maintenance.Address.Container}, found a standby", "name the primary's service with --database-service");
        var superuser = Is(facts, "superuser");
        if (!superuser && !(Is(facts, "creates") && Is(facts, "owns") && Is(facts, "signals")))
        {
            throw RunbookException.Refused(
                $"expected {user} to be a superuser, or to own {name} with CREATEDB and be a member of pg_signal_backend; found that it may "
                + string.Join(", ", new[] { ("creates", "not create databases"), ("owns", $"not act as {live.Owner}, the owner"), ("signals", "not end sessions") }.Where(each => !Is(facts, each.Item1)).Select(each => each.Item2)),
                "use a --database-user that is a superuser");
        }
        if (Is(facts, "template") || !Is(facts, "open"))
            throw RunbookException.Refused($"expected an ordinary database {name} that takes connections, found a template or one that takes none", $"see `\\l+ {name}`, and ALTER DATABASE … ALLOW_CONNECTIONS true, IS_TEMPLATE false");
        Refuse(facts, "prepared", $"no prepared transaction in {name}", "a database that holds one can't be renamed: end each in that database with COMMIT PREPARED or ROLLBACK PREPARED");
        Refuse(facts, "slots", $"no logical replication slot in {name}", "a slot stays with the replaced database, and whoever reads it would go on reading the past: stop the reader, then pg_drop_replication_slot()");
        Refuse(facts, "subscriptions", $"no subscription in {name}", "two copies would share one slot on the publisher: disable it, detach its slot (SLOT NAME = NONE) and drop it; make it again after the restore");
        return superuser;
    }

    /// <summary>Checks that the server has the roles and extensions that a dump needs.</summary>
    /// <exception cref="RunbookException">Some are missing; nothing changed.</exception>
    public static async Task CheckNeedsAsync(PostgresServer maintenance, ArchiveContents contents, CancellationToken cancellation)
    {
        var roles = await MissingAsync(maintenance, contents.Owners, "SELECT rolname::text FROM pg_roles", cancellation);
        if (roles.Count > 0)
        {
            throw RunbookException.Refused(
                $"expected the roles that own something in the dump, found none called {string.Join(", ", roles)}",
                "make them first, with what they need to log in: " + string.Join("; ", roles.Select(role => $"CREATE ROLE {SqlText.Identifier(role)}")));
        }
        var wanted = contents.Entries.Where(entry => entry.Kind == "EXTENSION").Select(entry => entry.Name).Distinct(StringComparer.Ordinal);
        var extensions = await MissingAsync(maintenance, wanted, "SELECT name::text FROM pg_available_extensions", cancellation);
        if (extensions.Count > 0)
        {
            throw RunbookException.Refused(
                $"expected the extensions that the dump uses in {maintenance.Address.Container}, found none called {string.Join(", ", extensions)}",
                "the dump was taken from a server with other packages: put them into the database's image");
        }
    }

    private static async Task<IReadOnlyList<string>> MissingAsync(PostgresServer server, IEnumerable<string> wanted, string there, CancellationToken cancellation)
    {
        var values = string.Join(", ", wanted.Select(name => $"({SqlText.Literal(name)}::text)"));
        if (values.Length == 0)
            return [];
        var rows = await server.QueryAsync($"SELECT w.name FROM (VALUES {values}) AS w(name) WHERE w.name NOT IN ({there}) ORDER BY 1", cancellation);
        return [.. rows.Select(row => row.GetProperty("name").GetString()!)];
    }

    private static bool Is(JsonElement facts, string what) => facts.GetProperty(what).GetBoolean();

    private static void Refuse(JsonElement facts, string what, string expected, string hint)
    {
        var found = facts.GetProperty(what).EnumerateArray().Select(each => each.GetString()).ToList();
        if (found.Count > 0)
            throw RunbookException.Refused($"expected {expected}, found {string.Join(", ", found)}", hint);
    }
}
