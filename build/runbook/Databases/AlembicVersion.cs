using Runback.Runbook.Runs;

namespace Runback.Runbook.Databases;

/// <summary>
/// The revisions that Alembic noted in the database. One row for each head of the history: none before the first migration, several
/// where it branched (Alembic documentation, "Working with Branches"). Read with SQL, since old code can't resolve newer revisions.
/// </summary>
/// <param name="Table">The table as <c>schema.name</c>, or null when the search path finds none.</param>
/// <param name="Revisions">The revisions, sorted; one that is in several rows as often, and a row without one empty.</param>
public sealed record AlembicVersion(string? Table, IReadOnlyList<string> Revisions)
{
    /// <summary>The table's usual name.</summary>
    public const string UsualTable = "alembic_version";

    /// <summary>
    /// The condition that a table <c>c</c> of <c>pg_class</c> is a version table, whatever its schema: one of the usual name with the column that Alembic
    /// reads, or one of any name that is made as Alembic makes it (a single column, and a primary key called <c>&lt;table&gt;_pkc</c>;
    /// <c>DefaultImpl.version_table_impl</c>, Alembic 1.13). Its rows are the schema's, not the application's: they are never brought over.
    /// </summary>
    internal const string IsVersionTable =
        """
        (EXISTS (SELECT FROM pg_catalog.pg_attribute v WHERE v.attrelid = c.oid AND v.attname = 'version_num' AND NOT v.attisdropped)
         AND (c.relname = 'alembic_version'
              OR (1 = (SELECT count(*) FROM pg_catalog.pg_attribute v WHERE v.attrelid = c.oid AND v.attnum > 0 AND NOT v.attisdropped)
                  AND EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p' AND k.conname = c.relname || '_pkc'))))
        """;

    /// <summary>Reads the revisions.</summary>
    /// <param name="client">The database, or a session whose snapshot counts.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="table">The table's name as Alembic's <c>version_table</c> has it.</param>
    /// <param name="schema">Its schema as <c>version_table_schema</c> has it; null for the search path's.</param>
    public static async Task<AlembicVersion> ReadAsync(
        SqlClient client, CancellationToken cancellation, string table = UsualTable, string? schema = null)
    {
        var name = schema is null ? SqlText.Identifier(table) : SqlText.Identifier(schema, table);
        var found = await client.QueryAsync(
            $"""
            SELECT n.nspname AS schema, c.relname AS name
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = pg_catalog.to_regclass({SqlText.Literal(name)})
            """, cancellation);
        if (found.Count == 0)
            return new AlembicVersion(null, []);
        var (inSchema, called) = (found[0].GetProperty("schema").GetString()!, found[0].GetProperty("name").GetString()!);
        var rows = await client.QueryAsync($"SELECT coalesce(version_num::text, '') AS revision FROM {SqlText.Identifier(inSchema, called)} ORDER BY 1", cancellation);
        return new AlembicVersion(SqlText.Readable(inSchema, called), [.. rows.Select(row => row.GetProperty("revision").GetString()!)]);
    }

    /// <summary>The revisions, of which there must be at least one.</summary>
    /// <exception cref="RunbookException">There is no table, or it is empty.</exception>
    public IReadOnlyList<string> Stamped() => Table is null
        ? throw RunbookException.Refused(
            $"expected a table {UsualTable} in the database, found none",
            "is this the application's database (--database), and its role's search_path the application's?")
        : Revisions.Count == 0
            ? throw RunbookException.Refused(
                $"expected at least one revision in {Table}, found none",
                "no migration ran here yet, or a downgrade to base did; stamp the database with the revision that its schema has")
            : Revisions;

    /// <summary>The only revision.</summary>
    /// <exception cref="RunbookException">There is none, or there are several.</exception>
    public string OnlyOne() => Stamped() is [var only]
        ? only
        : throw RunbookException.Refused(
            $"expected one revision in {Table}, found {Revisions.Count}: {string.Join(", ", Revisions)}",
            "the history has several heads: merge them (`alembic merge heads`) and upgrade, or name the revision");
}
