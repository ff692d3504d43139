using System.Text.Json;

namespace Runback.Runbook.Databases;

/// <summary>
/// Tables with all that hold their rows: partitions and inheriting tables, however deep. What of it <c>pg_dump --table</c> can't hold is told apart
/// (trap 32; PostgreSQL manual, pg_dump, "--table", "--large-objects", "--include-foreign-data").
/// </summary>
/// <param name="Holders">The ordinary tables whose rows such a dump holds when each is named, sorted.</param>
/// <param name="Parents">The partitioned tables among them, which hold no rows themselves, sorted.</param>
/// <param name="Outside">What it doesn't hold.</param>
/// <param name="Missing">Those of the tables that aren't there.</param>
public sealed record TableTree(
    IReadOnlyList<TableRows> Holders, IReadOnlyList<TableRows> Parents, IReadOnlyList<OutsideRows> Outside, IReadOnlyList<TableRows> Missing)
{
    /// <summary>Reads it. The rows stay uncounted.</summary>
    /// <param name="client">The database.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PostgresException">The server can't be reached, or refuses.</exception>
    public static async Task<TableTree> ReadAsync(SqlClient client, IReadOnlyCollection<(string Schema, string Table)> tables, CancellationToken cancellation)
    {
        if (tables.Count == 0)
            return new TableTree([], [], [], []);
        var rows = await client.QueryAsync(
            $"""
            {Tree(tables)}
            SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind,
                   (SELECT x.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e'
                      AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass) AS extension,
                   (SELECT s.srvname FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid) AS server
            FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            ORDER BY 1, 2
            """, cancellation);
        var found = rows.Select(row => (Name: Name(row), Kind: row.GetProperty("kind").GetString(), Extension: row.GetProperty("extension").GetString(), Server: row.GetProperty("server").GetString())).ToList();
        var outside = found.Select(each =>
            each.Extension is { } extension ? new OutsideRows(each.Name.Schema, each.Name.Table, null, OutsideKind.Extension, extension)
            : each.Server is { } server ? new OutsideRows(each.Name.Schema, each.Name.Table, null, OutsideKind.Foreign, server)
            : null).OfType<OutsideRows>();
        return new TableTree(
            [.. found.Where(each => each is { Kind: "r", Extension: null }).Select(each => each.Name)],
            [.. found.Where(each => each is { Kind: "p", Extension: null }).Select(each => each.Name)],
            [.. outside],
            [.. tables.Where(table => !found.Any(each => each.Name.Schema == table.Schema && each.Name.Table == table.Table)).Select(table => new TableRows(table.Schema, table.Table, null))]);
    }

    /// <summary>What a dump of some tables doesn't hold: rows of their partitions and inheriting tables, and large objects that their columns point to.</summary>
    /// <param name="client">The database.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PostgresException">The catalogs can't be read.</exception>
    public static async Task<IReadOnlyList<OutsideRows>> OutsideOfAsync(SqlClient client, IReadOnlyCollection<(string Schema, string Table)> tables, CancellationToken cancellation) =>
        [.. (await ReadAsync(client, tables, cancellation)).Outside, .. await LargeObjectsAsync(client, tables, cancellation)];

    /// <summary>The tables that belong to extensions.</summary>
    /// <param name="client">The database.</param>
    /// <param name="extensions">The extensions.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<IReadOnlyList<OutsideRows>> OfExtensionsAsync(SqlClient client, IReadOnlyCollection<string> extensions, CancellationToken cancellation)
    {
        if (extensions.Count == 0)
            return [];
        var rows = await client.QueryAsync(
            $"""
            SELECT n.nspname AS schema, c.relname AS name, x.extname AS extension
            FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid = x.oid
                 JOIN pg_catalog.pg_class c ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE d.deptype = 'e' AND c.relkind = 'r' AND x.extname IN ({string.Join(", ", extensions.Select(SqlText.Literal))})
            ORDER BY 1, 2
            """, cancellation);
        return [.. rows.Select(row => new OutsideRows(Name(row).Schema, Name(row).Table, null, OutsideKind.Extension, row.GetProperty("extension").GetString()!))];
    }

    private static string Tree(IEnumerable<(string Schema, string Table)> tables) =>
        $"""
        WITH RECURSIVE tree AS (
            SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE (n.nspname, c.relname) IN ({string.Join(", ", tables.Select(table => $"({SqlText.Literal(table.Schema)}, {SqlText.Literal(table.Table)})"))}) AND c.relkind IN ('r', 'p', 'f')
            UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree t ON i.inhparent = t.oid)
        """;

    // Columns of the type oid, or of a domain over it, as the extension lo has one. One that holds other numbers points to no large object.
    private static async Task<IReadOnlyList<OutsideRows>> LargeObjectsAsync(SqlClient client, IReadOnlyCollection<(string Schema, string Table)> tables, CancellationToken cancellation)
    {
        if (tables.Count == 0 || await client.ScalarAsync("SELECT oid FROM pg_catalog.pg_largeobject_metadata LIMIT 1", cancellation) is null)
            return [];
        var columns = await client.QueryAsync(
            $"""
            {Tree(tables)}, pointer AS (
                SELECT 'pg_catalog.oid'::pg_catalog.regtype::pg_catalog.oid AS oid
                UNION SELECT y.oid FROM pg_catalog.pg_type y JOIN pointer p ON y.typtype = 'd' AND y.typbasetype = p.oid)
            SELECT n.nspname AS schema, c.relname AS name, a.attname AS column
            FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pointer p ON p.oid = a.atttypid
            WHERE c.relkind = 'r' ORDER BY 1, 2, a.attnum
            """, cancellation);
        var found = new List<OutsideRows>();
        foreach (var column in columns)
        {
            var (table, name) = (Name(column), column.GetProperty("column").GetString()!);
            if (await CountAsync(client, table, SqlText.Identifier(name), cancellation) is not 0 and var count)
                found.Add(new OutsideRows(table.Schema, table.Table, name, OutsideKind.LargeObjects, "") { Count = count });
        }
        return found;
    }

    // What takes too long to count is named without a number.
    private static async Task<long?> CountAsync(SqlClient client, TableRows table, string column, CancellationToken cancellation)
    {
        try
        {
            return long.Parse((await client.ScalarAsync(
                $"SELECT count(DISTINCT m.oid) FROM ONLY {SqlText.Identifier(table.Schema, table.Table)} t JOIN pg_catalog.pg_largeobject_metadata m ON m.oid = t.{column}", cancellation))!);
        }
        catch (PostgresException)
        {
            return null;
        }
    }

    private static TableRows Name(JsonElement row) => new(row.GetProperty("schema").GetString()!, row.GetProperty("name").GetString()!, null);
}

/// <summary>Why a dump of single tables doesn't hold something.</summary>
public enum OutsideKind
{
    /// <summary>Large objects, which belong to no table.</summary>
    LargeObjects,

    /// <summary>Rows of a foreign table, which are on another server.</summary>
    Foreign,

    /// <summary>Rows of a table that belongs to an extension.</summary>
    Extension,
}

/// <summary>What a dump of single tables doesn't hold.</summary>
/// <param name="Schema">The table's schema.</param>
/// <param name="Table">Its name.</param>
/// <param name="Column">The column that points to large objects, or null.</param>
/// <param name="Kind">Why.</param>
/// <param name="Of">The extension's or the foreign server's name; else empty.</param>
public sealed record OutsideRows(string Schema, string Table, string? Column, OutsideKind Kind, string Of)
{
    /// <summary>How many; null when nobody counted.</summary>
    public long? Count { get; init; }

    /// <summary>Its name for people.</summary>
    public string Name => SqlText.Readable(Schema, Table) + (Column is null ? "" : "." + SqlText.ReadableName(Column));

    /// <summary>Why no dump of single tables holds it, in words.</summary>
    public string Why => Kind switch
    {
        OutsideKind.LargeObjects => "pg_dump leaves large objects out of a dump of single tables",
        OutsideKind.Foreign => $"its rows are on the foreign server {Of}, and pg_dump leaves them out",
        _ => $"it belongs to the extension {Of}, and pg_dump leaves its rows out",
    };
}
