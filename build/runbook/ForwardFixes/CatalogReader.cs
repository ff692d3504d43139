using System.Text.Json;
using Runback.Runbook.Databases;
using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.ForwardFixes;

/// <summary>Reads what a database's schema holds from its catalogs (PostgreSQL manual, chapter 52), in three queries.</summary>
public static class CatalogReader
{
    // The role's own schemas only; objects of extensions belong to no migration.
    private const string Ours = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

    private const string Relations =
        $$"""
        SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind,
          (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull,
              'default', CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
              'generated', CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END, 'identity', a.attidentity <> '') ORDER BY a.attnum), '[]')
            FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
          (SELECT coalesce(json_agg(k.conname ORDER BY k.conname), '[]') FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid) AS constraints,
          (SELECT coalesce(json_agg(t.tgname ORDER BY t.tgname), '[]') FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS triggers
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND {{Ours}}
        """;

    private const string Indexes =
        $$"""
        SELECT n.nspname AS schema, c.relname AS name, tn.nspname AS table_schema, t.relname AS "table", i.indisvalid AS valid
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
        WHERE {{Ours}}
        """;

    private const string Others =
        $$"""
        SELECT 't' AS what, n.nspname AS schema, t.typname AS name,
          (SELECT coalesce(json_agg(e.enumlabel ORDER BY e.enumsortorder), '[]') FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) AS labels
        FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype IN ('e', 'd') AND {{Ours}}
        UNION ALL
        SELECT 'f', n.nspname, p.proname, '[]' FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE {{Ours}} AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.classid = 'pg_catalog.pg_proc'::regclass AND x.objid = p.oid AND x.deptype = 'e')
        """;

    /// <summary>Reads it.</summary>
    /// <exception cref="PostgresException">The server can't be reached.</exception>
    public static async Task<CatalogFacts> ReadAsync(SqlClient client, CancellationToken cancellation)
    {
        var relations = await client.QueryAsync(Relations, cancellation);
        var indexes = await client.QueryAsync(Indexes, cancellation);
        var others = await client.QueryAsync(Others, cancellation);
        return new CatalogFacts(
            relations.Select(Relation).ToValueList(),
            indexes.Select(row => new IndexFacts(Name(row), ObjectName.Of(Text(row, "table")!, Text(row, "table_schema")), row.GetProperty("valid").GetBoolean())).ToValueList(),
            others.Where(row => Text(row, "what") == "t").Select(row => new TypeFacts(Name(row), Texts(row, "labels"))).ToValueList(),
            others.Where(row => Text(row, "what") == "f").Select(Name).Distinct().ToValueList());
    }

    private static RelationFacts Relation(JsonElement row) => new(
        Name(row),
        Text(row, "kind") switch { "v" => RelationKind.View, "m" => RelationKind.MaterializedView, "S" => RelationKind.Sequence, _ => RelationKind.Table },
        row.GetProperty("columns").EnumerateArray().Select(Column).ToValueList(), Texts(row, "constraints"), Texts(row, "triggers"));

    private static ColumnSpec Column(JsonElement column) => new(Text(column, "name")!, Text(column, "type"))
    {
        Nullable = !column.GetProperty("required").GetBoolean(),
        Default = Text(column, "default"),
        Generated = Text(column, "generated"),
        Identity = column.GetProperty("identity").GetBoolean(),
    };

    private static ObjectName Name(JsonElement row) => ObjectName.Of(Text(row, "name")!, Text(row, "schema"));

    private static string? Text(JsonElement row, string property) => row.GetProperty(property).GetString();

    private static ValueList<string> Texts(JsonElement row, string property) =>
        row.GetProperty(property).EnumerateArray().Select(item => item.GetString()!).ToValueList();
}
