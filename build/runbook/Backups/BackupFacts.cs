using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Runback.Runbook.Databases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>What is known of a dump, kept beside it as <c>&lt;dump&gt;.json</c>. Times are UTC, sizes bytes.</summary>
public sealed record BackupFacts
{
    /// <summary>The version of this file's format.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The run that took it.</summary>
    public required string Run { get; init; }

    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>
    /// The release that the run was on its way back to when it took the dump, which then shows what was to be left: a restore leads to it only when a
    /// person names it. Null for a backup that was taken for its own sake.
    /// </summary>
    public string? RollbackTo { get; init; }

    /// <summary>The server's version.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>The cluster's identifier (<c>pg_control_system()</c>), or null where the role may not read it.</summary>
    public string? SystemIdentifier { get; init; }

    /// <summary>The version of the pg_dump that wrote it.</summary>
    public string? DumpVersion { get; init; }

    /// <summary>The image of the database's container.</summary>
    public string? Image { get; init; }

    /// <summary>Alembic's revisions in the dump; null when there is no such table.</summary>
    public IReadOnlyList<string>? Revisions { get; init; }

    /// <summary>The moment that the dump shows, or null when another program took it.</summary>
    public DateTimeOffset? Snapshot { get; init; }

    /// <summary>
    /// The server's next transaction id at that moment (<c>txid_snapshot_xmax</c>), where no writing transaction was under way in the whole cluster;
    /// else null. As long as it is the same, nobody has written anything since.
    /// </summary>
    public long? NextTransaction { get; init; }

    /// <summary>When it was begun.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>When it was complete.</summary>
    public DateTimeOffset Finished { get; init; }

    /// <summary>The dump's size.</summary>
    public long Bytes { get; init; }

    /// <summary>The dump's SHA-256, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The database's size on the server (<c>pg_database_size</c>).</summary>
    public long DatabaseBytes { get; init; }

    /// <summary>Exact rows of each table in the dump's own snapshot; null when another program took the dump.</summary>
    public IReadOnlyList<TableRows>? Tables { get; init; }

    /// <summary>Large objects in the dump's own snapshot.</summary>
    public long? LargeObjects { get; init; }

    /// <summary>The server's roles, which a scratch server needs for owners and privileges.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>How far it was verified last, or null.</summary>
    public Verification? Verified { get; init; }

    /// <summary>A verification that passed.</summary>
    /// <param name="Level">How far it went.</param>
    /// <param name="At">When it was finished.</param>
    /// <param name="Seconds">How long it took.</param>
    public sealed record Verification(VerifyLevel Level, DateTimeOffset At, double Seconds);

    private const int Known = 1;

    // Some hundred bytes for each table.
    private const int Longest = 64 << 20;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Where a dump's facts are kept.</summary>
    public static string PathOf(string dump) => dump + BackupName.FactsSuffix;

    /// <summary>Reads a dump's facts; null when there are none.</summary>
    /// <exception cref="RunbookException">The file can't be read as such.</exception>
    public static BackupFacts? Read(string dump)
    {
        var path = PathOf(dump);
        try
        {
            if (!Path.Exists(path))
                return null;
            var facts = JsonSerializer.Deserialize<BackupFacts>(BoundedFile.Read(path, Longest), Options) ?? throw new JsonException("there is nothing in it");
            return facts.Fault is { } fault ? throw new JsonException(fault) : facts;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            throw new RunbookException(
                $"expected the facts of a dump in {path}, found: {exception.Message}",
                $"the file is damaged or not readable: take a new backup (./build.sh Backup), or name another dump; without its facts (mv {path} {path}.damaged) the dump can be verified, but not compared with what was counted",
                Outcome.Refused, exception);
        }
    }

    // A file that was cut or edited by hand may be JSON and still not hold what is relied on.
    private string? Fault => Version is < 1 or > Known ? $"format {Version}, known up to {Known}"
        : Run is null || Database is null || Sha256 is not { Length: > 0 } ? "no run, database or checksum in it"
        : Bytes < 0 || DatabaseBytes < 0 ? "a negative size"
        : Tables?.Any(table => table is not { Schema: not null, Table: not null }) == true || Roles?.Any(role => role is null) == true || Revisions?.Any(revision => revision is null) == true ? "a name that is missing" : null;

    /// <summary>Writes them beside a dump, whole or not at all, readable by the owner only.</summary>
    public void Write(string dump) => PrivateFiles.Replace(PathOf(dump), JsonSerializer.Serialize(this, Options) + "\n");
}
