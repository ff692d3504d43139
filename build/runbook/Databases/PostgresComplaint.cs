using System.Text.RegularExpressions;

namespace Runback.Runbook.Databases;

/// <summary>Turns what psql, pg_dump, pg_restore and <c>docker exec</c> complain of into an error with a hint.</summary>
internal static partial class PostgresComplaint
{
    private const int Longest = 16 << 10;

    // In the order in which they are tried: the container first, then the way to the server, then the statement.
    private static readonly (Lazy<Regex> Sign, string Hint)[] Hints =
    [
        When("is paused|not running: paused", "see who paused the database's container, then let it go on: `docker compose unpause db`"),
        When("is not running|is restarting", "start the database's container and look at its log: `docker compose logs db`"),
        When("No such container|no such service", "name the database's service with --database-service, and see `docker compose ps --all`"),
        When("Cannot connect to the Docker daemon|docker daemon is not running", "start Docker, or point DOCKER_HOST or the docker context at the engine"),
        When("permission denied while trying to connect to the .*[Dd]ocker", "run as a user who may use Docker's socket"),
        When("executable file not found|not found in \\$PATH|OCI runtime exec failed", "the database's container must hold PostgreSQL's own programs (psql, pg_dump, pg_restore)"),
        When("the database system is (starting up|not yet accepting|in recovery mode)", "wait until the server is ready, then run the same command again"),
        When("the database system is shutting down", "start the database's container again, then run the same command"),
        When("password authentication failed|no password supplied|No password has been provided", "give the role's password (--database-password), as the server knows it"),
        When("no pg_hba.conf entry|(Peer|Ident) authentication failed", "let pg_hba.conf admit this role on the local socket, or use another --database-user"),
        When("role \".*\" is not permitted to log in", "use a --database-user that may log in"),
        When("role \".*\" does not exist", "name an existing role with --database-user"),
        When("database \".*\" does not exist", "name an existing database with --database"),
        When("too many (clients|connections)|remaining connection slots|connection limit exceeded", "end idle sessions (pg_stat_activity), or raise max_connections"),
        When("Is the server running|Connection refused|could not connect to server", "the container runs, but no server listens in it: look at its log"),
        When("timeout expired", "the server doesn't answer: look at its log and at the host's load"),
        When("read-only transaction|cannot execute .* in a read-only|cannot execute .* during recovery", "this server takes no writes: is it a standby, or default_transaction_read_only on?"),
        When("canceling statement due to lock timeout|could not obtain lock|LOCK TABLE .* IN ACCESS SHARE MODE", "another session holds a lock, perhaps a migration that hangs: see pg_locks and pg_stat_activity"),
        When("canceling statement due to statement timeout", "the server is slow or blocked: see pg_stat_activity"),
        When("No space left on device|could not extend file|could not write", "make room on the server's disk"),
        When("row-level security", "use a --database-user that bypasses row level security, as a dump must hold every row"),
        When("server version: .*; pg_dump version|aborting because of server version mismatch", "pg_dump must not be older than the server: use the server's own image"),
        When("permission denied for", "use a --database-user that may read every table, sequence and large object"),
        When("server closed the connection|terminating connection|connection to server was lost", "the server ended the connection: look at its log"),
    ];

    /// <summary>The error for a complaint.</summary>
    /// <param name="expected">What was to be done, to complete "expected …".</param>
    /// <param name="complaint">All that was said on standard error.</param>
    /// <param name="exitCode">How the program ended, or null when it was ended.</param>
    /// <param name="inner">What led to it.</param>
    public static PostgresException Explain(string expected, string complaint, int? exitCode, Exception? inner = null)
    {
        // A server that is beside itself says the same many times over; what is wrong stands at the beginning.
        complaint = complaint.Length > Longest ? complaint[..Longest] : complaint;
        var lines = complaint.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("LOCATION:", StringComparison.Ordinal))
            .Select(line => Prefix().Replace(line, ""));
        var said = string.Join("; ", lines.Take(4));
        if (said.Length == 0)
            said = exitCode is { } code ? $"an end with exit code {code} and not a word" : "an end without a word";
        var hint = Array.Find(Hints, each => each.Sign.Value.IsMatch(complaint)).Hint;
        var state = SqlState().Match(complaint) is { Success: true } match ? match.Groups[1].Value : null;
        return new PostgresException($"expected {expected}, found: {said}", hint, state, inner);
    }

    // In time that grows with the text's length and no faster, whatever a server says; made once, as making one takes longer than using it.
    private static (Lazy<Regex>, string) When(string pattern, string hint) => (new(() => new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)), hint);

    [GeneratedRegex("^(psql:<stdin>:\\d+: |psql: error: |psql: |pg_dump: error: |pg_restore: error: )")]
    private static partial Regex Prefix();

    [GeneratedRegex("(?:ERROR|FATAL|PANIC):\\s+([0-9A-Z]{5}):")]
    private static partial Regex SqlState();
}
