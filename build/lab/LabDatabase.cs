using System.Diagnostics;
using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>The lab's database: made, seeded, read, all through its container.</summary>
/// <param name="options">The lab.</param>
/// <param name="shell">Runs them.</param>
internal sealed class LabDatabase(LabOptions options, Shell shell)
{
    private const string Database = "cleaning";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private const int SmallestSeed = 4_000;
    private const int BatchOfBookings = 100_000;

    // Larger ones would take as much room as they save time.
    private const int LargestKept = 50;

    // Measured: a booking with its share of customers, invoices and indexes; and an empty database.
    private const int BytesPerBooking = 605;
    private const int EmptyMegabytes = 8;

    // On the database itself, so that it is in no dump and among no one's tables.
    private const string SeedingComment = "runback-lab: seeding";

    /// <summary>How many bookings a database of that size holds.</summary>
    internal static int Bookings(int megabytes) =>
        Math.Max(SmallestSeed, (int)((long)(megabytes - EmptyMegabytes) * 1024 * 1024 / BytesPerBooking));

    /// <summary>The revision in the database, null when no migration ever ran.</summary>
    public async Task<string?> RevisionAsync(CancellationToken cancellation)
    {
        if (await ScalarAsync("SELECT to_regclass('alembic_version') IS NOT NULL", cancellation) != "t")
            return null;
        var rows = await ScalarAsync("SELECT string_agg(version_num, ',' ORDER BY version_num) FROM alembic_version", cancellation);
        return rows.Length == 0 ? null : rows;
    }

    /// <summary>Whether the rows of a new lab are all there.</summary>
    public async Task<bool> IsSeededAsync(CancellationToken cancellation)
    {
        var tables = await ScalarAsync("SELECT to_regclass('bookings') IS NOT NULL", cancellation);
        if (tables != "t")
            return false;
        var comment = "coalesce((SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()), '')";
        return await ScalarAsync($"SELECT EXISTS (SELECT FROM bookings) AND {comment} <> '{SeedingComment}'", cancellation) == "t";
    }

    /// <summary>Gives the server's role the password that the env file holds.</summary>
    public async Task SetPasswordAsync(string password, CancellationToken cancellation) =>
        await SqlAsync($"ALTER ROLE postgres PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}';", "postgres", cancellation);

    /// <summary>Drops the database, and every other one that a run left beside it, and makes it again: as a release had it when it was kept, else empty.</summary>
    /// <returns>Whether it is as it was kept.</returns>
    public async Task<bool> RecreateAsync(Release release, CancellationToken cancellation)
    {
        // DROP DATABASE refuses to run in a transaction with others; \gexec sends one statement at a time.
        var made = await SqlAsync("""
            SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS true', datname) FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' AND NOT datallowconn \gexec
            SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' \gexec
            SELECT format('CREATE DATABASE cleaning TEMPLATE %I', coalesce((SELECT datname FROM pg_database WHERE datname = :'kept'), 'template1')) \gexec
            SELECT EXISTS (SELECT FROM pg_database WHERE datname = :'kept');
            """, "postgres", cancellation, $"kept={Kept(release)}");
        return made.Trim() == "t";
    }

    /// <summary>Keeps the database as it is, seeded and migrated to a release, for the next time. Nobody may be connected to it.</summary>
    public async Task KeepAsync(Release release, CancellationToken cancellation)
    {
        if (options.DataMegabytes > LargestKept)
            return;
        await SqlAsync("""
            SELECT format('CREATE DATABASE %I TEMPLATE cleaning', :'kept') \gexec
            SELECT format('ALTER DATABASE %I WITH IS_TEMPLATE true ALLOW_CONNECTIONS false', :'kept') \gexec
            """, "postgres", cancellation, $"kept={Kept(release)}");
    }

    // By all that its rows and schema come from.
    private string Kept(Release release) => "lab_" + Fingerprint.Of(
        release.Files(options.Sources).Where(file => file.Key.StartsWith("alembic/", StringComparison.Ordinal)), release.Tag, File.ReadAllText(Path.Combine(options.Sources, "seed.sql")), $"{options.DataMegabytes}");

    /// <summary>Fills the tables of the first release. One that was stopped goes on where it stood.</summary>
    public async Task SeedAsync(CancellationToken cancellation)
    {
        var wanted = Bookings(options.DataMegabytes);
        var script = await File.ReadAllTextAsync(Path.Combine(options.Sources, "seed.sql"), cancellation);
        await SqlAsync($"COMMENT ON DATABASE {Database} IS '{SeedingComment}';", Database, cancellation);
        shell.Narration.Say($"  seeding {wanted:N0} bookings, their customers and invoices …");
        var watch = Stopwatch.StartNew();
        var first = int.Parse(await ScalarAsync("SELECT coalesce(max(id), 0) + 1 FROM bookings", cancellation));
        for (; first <= wanted; first += BatchOfBookings)
        {
            var last = Math.Min(wanted, first + BatchOfBookings - 1);
            await SqlAsync(script, Database, cancellation, $"first={first}", $"last={last}");
            if (last < wanted)
                shell.Narration.Say($"  seeded {last:N0} of {wanted:N0} bookings");
        }
        // Without statistics the first minutes of a big lab would be slow plans, and a dump's pace no measure of anything.
        await SqlAsync($"VACUUM (ANALYZE); COMMENT ON DATABASE {Database} IS NULL;", Database, cancellation);
        var size = await ScalarAsync($"SELECT pg_size_pretty(pg_database_size('{Database}'))", cancellation);
        shell.Narration.Say($"  seeded {size} in {watch.Elapsed.TotalSeconds:0.0} s");
    }

    private async Task<string> ScalarAsync(string query, CancellationToken cancellation) =>
        (await SqlAsync(query + ";", Database, cancellation)).Trim();

    // The local socket is trusted, as in the official image: no password passes through here.
    private async Task<string> SqlAsync(string script, string database, CancellationToken cancellation, params string[] variables)
    {
        var server = new PostgresServer(new PostgresServerAddress($"{options.Name}-db-1", "postgres", database), shell);
        var command = server.Program("psql", "runback-lab", ["-qAtX", "-v", "ON_ERROR_STOP=1", .. variables.SelectMany(variable => new[] { "-v", variable })]).WithInput(script);
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(200, cancellation))
        {
            var result = await shell.TryAsync(command, cancellation);
            if (result.Succeeded)
                return result.Output;
            // psql ends with 2 where it never got a session: the server is starting, or being exchanged.
            if (result.ExitCode != 2 || watch.Elapsed > StartPatience)
                throw new RunbookException($"expected the lab's database to run a script, found: {result.Complaint}", "look at: docker compose logs db");
        }
    }
}
