using System.Text.Json;
using Runback.Runbook.Databases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Restores;

/// <summary>What belongs to a database as a whole: what pg_restore leaves out unless it makes the database itself, under its old name.</summary>
public sealed record DatabaseProperties
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its object identifier, which no renaming changes.</summary>
    public required long Oid { get; init; }

    /// <summary>The role that owns it.</summary>
    public required string Owner { get; init; }

    /// <summary>Its encoding's name.</summary>
    public required string Encoding { get; init; }

    /// <summary>Its <c>LC_COLLATE</c>.</summary>
    public required string Collate { get; init; }

    /// <summary>Its <c>LC_CTYPE</c>.</summary>
    public required string Ctype { get; init; }

    /// <summary>Who sorts: c libc, i ICU, b built in; null before PostgreSQL 15.</summary>
    public string? LocaleProvider { get; init; }

    /// <summary>The locale of a provider other than libc.</summary>
    public string? Locale { get; init; }

    /// <summary>ICU's extra rules.</summary>
    public string? IcuRules { get; init; }

    /// <summary>Its tablespace.</summary>
    public required string Tablespace { get; init; }

    /// <summary>Where its files are: the tablespace's folder, or the server's data folder; null where the role may not read that.</summary>
    public string? Folder { get; init; }

    /// <summary>How many connections it takes; -1 is any number.</summary>
    public int ConnectionLimit { get; init; } = -1;

    /// <summary>Its comment.</summary>
    public string? Comment { get; init; }

    /// <summary>Its size in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Its own settings and those that roles have in it.</summary>
    public IReadOnlyList<Setting> Settings { get; init; } = [];

    /// <summary>Who may do what with it; null when nothing was ever granted or revoked.</summary>
    public IReadOnlyList<Grant>? Grants { get; init; }

    /// <summary>Its security labels.</summary>
    public IReadOnlyList<Label> Labels { get; init; } = [];

    /// <summary>A setting of the database.</summary>
    /// <param name="Role">The role that it is for, or null for all.</param>
    /// <param name="Name">The parameter.</param>
    /// <param name="Value">Its value as the catalog has it.</param>
    public sealed record Setting(string? Role, string Name, string Value);

    /// <summary>A privilege on the database.</summary>
    /// <param name="Role">Who has it, or null for everybody.</param>
    /// <param name="Privilege">CONNECT, CREATE or TEMPORARY.</param>
    /// <param name="Grantable">Whether it may be handed on.</param>
    public sealed record Grant(string? Role, string Privilege, bool Grantable);

    /// <summary>A security label (PostgreSQL manual, SECURITY LABEL).</summary>
    /// <param name="Provider">Who reads it.</param>
    /// <param name="Text">The label.</param>
    public sealed record Label(string Provider, string Text);

    /// <summary>What the way back has to give back to it.</summary>
    public DatabaseMark.ServingState Serving => new(
        ConnectionLimit, DatabaseMark.Parse(Comment) is { } mark ? mark.Was?.Comment : Comment,
        Settings.FirstOrDefault(setting => setting is { Role: null, Name: "default_transaction_read_only" })?.Value);

    /// <summary>Reads them.</summary>
    /// <param name="server">The server, on any database.</param>
    /// <param name="database">The database.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="RunbookException">There is no such database.</exception>
    public static async Task<DatabaseProperties> ReadAsync(PostgresServer server, string database, CancellationToken cancellation) =>
        await TryReadAsync(server, database, cancellation)
            ?? throw RunbookException.Refused($"expected the database {database} in {server.Address.Container}, found none", "name an existing database with --database");

    /// <summary>Reads them; null when there is no such database.</summary>
    public static async Task<DatabaseProperties?> TryReadAsync(PostgresServer server, string database, CancellationToken cancellation)
    {
        // The columns for locales have other names in each version; as JSON a missing one is NULL.
        var rows = await server.QueryAsync(
            $"""
            SELECT d.oid::bigint AS oid, pg_get_userbyid(d.datdba) AS owner, pg_encoding_to_char(d.encoding) AS encoding,
                   d.datcollate AS collate, d.datctype AS ctype, to_jsonb(d) ->> 'datlocprovider' AS provider,
                   coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS locale, to_jsonb(d) ->> 'daticurules' AS rules,
                   t.spcname AS tablespace, coalesce(nullif(pg_tablespace_location(t.oid), ''), f.setting) AS folder,
                   d.datconnlimit AS "limit", shobj_description(d.oid, 'pg_database') AS comment, pg_database_size(d.oid) AS bytes,
                   (SELECT coalesce(json_agg(json_build_object('role', CASE s.setrole WHEN 0 THEN NULL ELSE pg_get_userbyid(s.setrole) END,
                                                               'name', split_part(c.setting, '=', 1), 'value', substr(c.setting, strpos(c.setting, '=') + 1))
                                             ORDER BY s.setrole, c.place), '[]')
                    FROM pg_db_role_setting s, unnest(s.setconfig) WITH ORDINALITY c(setting, place) WHERE s.setdatabase = d.oid) AS settings,
                   CASE WHEN d.datacl IS NOT NULL THEN (
                     SELECT coalesce(json_agg(json_build_object('role', CASE a.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END,
                                                                'privilege', a.privilege_type, 'grantable', a.is_grantable)), '[]')
                     FROM aclexplode(d.datacl) a) END AS grants,
                   (SELECT coalesce(json_agg(json_build_object('provider', l.provider, 'text', l.label)), '[]')
                    FROM pg_shseclabel l WHERE l.classoid = 'pg_database'::regclass AND l.objoid = d.oid) AS labels
            FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace
            LEFT JOIN pg_settings f ON f.name = 'data_directory'
            WHERE d.datname = {SqlText.Literal(database)}
            """, cancellation);
        return rows is [var row] ? Read(row, database) : null;
    }

    private static DatabaseProperties Read(JsonElement row, string database) => new()
    {
        Name = database,
        Oid = row.GetProperty("oid").GetInt64(),
        Owner = Text(row, "owner")!,
        Encoding = Text(row, "encoding")!,
        Collate = Text(row, "collate")!,
        Ctype = Text(row, "ctype")!,
        LocaleProvider = Text(row, "provider"),
        Locale = Text(row, "locale"),
        IcuRules = Text(row, "rules"),
        Tablespace = Text(row, "tablespace")!,
        Folder = Text(row, "folder"),
        ConnectionLimit = row.GetProperty("limit").GetInt32(),
        Comment = Text(row, "comment"),
        Bytes = row.GetProperty("bytes").GetInt64(),
        Settings = [.. row.GetProperty("settings").EnumerateArray().Select(each => new Setting(Text(each, "role"), Text(each, "name")!, Text(each, "value")!))],
        Grants = row.GetProperty("grants") is { ValueKind: JsonValueKind.Array } grants
            ? [.. grants.EnumerateArray().Select(each => new Grant(Text(each, "role"), Text(each, "privilege")!, each.GetProperty("grantable").GetBoolean()))]
            : null,
        Labels = [.. row.GetProperty("labels").EnumerateArray().Select(each => new Label(Text(each, "provider")!, Text(each, "text")!))],
    };

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();
}
