using System.Text.Json;
using Runback.Runbook.Backups;
using Runback.Runbook.Databases;

namespace Runback.Runbook.Rehearsals;

/// <summary>
/// The restored database, kept aside as a template, so that every experiment begins with the same state under the database's own name.
/// What <c>CREATE DATABASE … TEMPLATE</c> leaves out comes along too: settings and privileges (PostgreSQL manual, "Template Databases").
/// </summary>
internal sealed class PristineDatabase
{
    private const string Aside = "runback_pristine";
    private const int FileCopyVersion = 150_000;
    private readonly PostgresServer _maintenance;
    private readonly string _name;
    private readonly JsonElement _facts;

    private PristineDatabase(PostgresServer maintenance, string name, JsonElement facts) => (_maintenance, _name, _facts) = (maintenance, name, facts);

    /// <summary>The restored database itself, which nothing may change.</summary>
    public PostgresServer Server => _maintenance.On(Aside);

    /// <summary>Puts a restored database aside.</summary>
    public static async Task<PristineDatabase> KeepAsync(ScratchServer scratch, PostgresServer restored, TimeSpan limit, CancellationToken cancellation)
    {
        var name = restored.Address.Database;
        var maintenance = new PostgresServer(scratch.Server.Address, scratch.Server.Shell) { Timeout = limit };
        var facts = await maintenance.QueryAsync(
            $"""
            SELECT pg_catalog.current_setting('server_version_num')::int AS version, pg_catalog.pg_get_userbyid(d.datdba) AS owner,
                   pg_catalog.pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collate, d.datctype AS ctype,
                   to_jsonb(d) ->> 'datlocprovider' AS provider, coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS locale
            FROM pg_catalog.pg_database d WHERE d.datname = {SqlText.Literal(name)}
            """, cancellation);
        await maintenance.ExecuteAsync($"ALTER DATABASE {SqlText.Identifier(name)} RENAME TO {SqlText.Identifier(Aside)};", cancellation);
        return new PristineDatabase(maintenance, name, facts[0]);
    }

    /// <summary>A fresh copy under the database's own name, in place of what is there.</summary>
    public Task<PostgresServer> CopyAsync(CancellationToken cancellation) => CreateAsync(
        $"TEMPLATE {SqlText.Identifier(Aside)}{(_facts.GetProperty("version").GetInt32() >= FileCopyVersion ? " STRATEGY FILE_COPY" : "")}", cancellation);

    /// <summary>An empty database under the database's own name, in place of what is there, with the same locale, owner and settings.</summary>
    public async Task<PostgresServer> EmptyAsync(CancellationToken cancellation)
    {
        var locale = Text("provider") switch
        {
            "i" => $" LOCALE_PROVIDER icu ICU_LOCALE {SqlText.Literal(Text("locale"))}",
            "b" => $" LOCALE_PROVIDER builtin BUILTIN_LOCALE {SqlText.Literal(Text("locale"))}",
            _ => "",
        };
        var empty = await CreateAsync(
            $"TEMPLATE template0 ENCODING {SqlText.Literal(Text("encoding"))} LC_COLLATE {SqlText.Literal(Text("collate"))} LC_CTYPE {SqlText.Literal(Text("ctype"))}{locale}",
            cancellation);
        var schema = await Server.QueryAsync(
            "SELECT nspacl::text AS acl, pg_catalog.pg_get_userbyid(nspowner) AS owner FROM pg_catalog.pg_namespace WHERE nspname = 'public'", cancellation);
        if (schema.Count > 0)
        {
            await empty.ExecuteAsync(
                $"""
                ALTER SCHEMA public OWNER TO {SqlText.Identifier(schema[0].GetProperty("owner").GetString()!)};
                UPDATE pg_catalog.pg_namespace SET nspacl = {SqlText.Literal(schema[0].GetProperty("acl").GetString())}::aclitem[] WHERE nspname = 'public';
                """, cancellation);
        }
        return empty;
    }

    private async Task<PostgresServer> CreateAsync(string how, CancellationToken cancellation)
    {
        var (name, aside) = (SqlText.Literal(_name), SqlText.Literal(Aside));
        await _maintenance.ExecuteAsync(
            $"""
            SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = {name};
            DROP DATABASE IF EXISTS {SqlText.Identifier(_name)};
            CREATE DATABASE {SqlText.Identifier(_name)} OWNER {SqlText.Identifier(Text("owner")!)} {how};
            INSERT INTO pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig)
            SELECT new.oid, s.setrole, s.setconfig
            FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database old ON old.oid = s.setdatabase AND old.datname = {aside},
                 pg_catalog.pg_database new WHERE new.datname = {name};
            UPDATE pg_catalog.pg_database new SET datacl = old.datacl FROM pg_catalog.pg_database old
            WHERE old.datname = {aside} AND new.datname = {name};
            """, cancellation);
        return _maintenance.On(_name);
    }

    private string? Text(string fact) => _facts.GetProperty(fact).GetString();
}
