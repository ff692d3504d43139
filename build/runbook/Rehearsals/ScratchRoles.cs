using System.Text;
using System.Text.Json;
using Runback.Runbook.Databases;

namespace Runback.Runbook.Rehearsals;

/// <summary>
/// Makes the roles of one server on another, as far as code that runs there could notice: attributes, memberships, settings. No passwords:
/// a scratch server asks for none. Source: PostgreSQL manual, "pg_roles", "pg_auth_members", "pg_db_role_setting".
/// </summary>
internal static class ScratchRoles
{
    private const string Roles =
        """
        SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolbypassrls, rolconfig
        FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname
        """;

    // inherit_option and set_option came with PostgreSQL 16.
    private const string Members =
        """
        SELECT r.rolname AS role, m.rolname AS member, a.admin_option AS admin,
               to_jsonb(a) ->> 'inherit_option' AS inherit, to_jsonb(a) ->> 'set_option' AS set
        FROM pg_catalog.pg_auth_members a
        JOIN pg_catalog.pg_roles r ON r.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member
        WHERE m.rolname !~ '^pg_' ORDER BY 1, 2
        """;

    /// <summary>Reads the statements that make a server's roles on one that has none but its superuser.</summary>
    /// <param name="source">The server; any role may read this.</param>
    /// <param name="superuser">The other server's superuser, which stays as it is.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<string> ReadAsync(SqlClient source, string superuser, CancellationToken cancellation)
    {
        var statements = new StringBuilder();
        foreach (var role in await source.QueryAsync(Roles, cancellation))
        {
            var name = role.GetProperty("rolname").GetString()!;
            if (name != superuser)
                statements.Append($"CREATE ROLE {SqlText.Identifier(name)} {string.Join(' ', Attributes(role))};\n");
            // A list such as search_path can't be written back by ALTER ROLE without knowing its quotes: the catalog takes it as it is.
            if (role.GetProperty("rolconfig") is { ValueKind: JsonValueKind.Array } settings)
            {
                statements.Append(
                    $"""
                    INSERT INTO pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig)
                    SELECT 0, oid, ARRAY[{string.Join(", ", settings.EnumerateArray().Select(setting => SqlText.Literal(setting.GetString())))}]::text[]
                    FROM pg_catalog.pg_roles WHERE rolname = {SqlText.Literal(name)};

                    """);
            }
        }
        foreach (var member in await source.QueryAsync(Members, cancellation))
        {
            List<string> options = [];
            if (member.GetProperty("admin").GetBoolean())
                options.Add("ADMIN OPTION");
            else if (member.GetProperty("inherit").GetString() is { } inherit)
                options.AddRange([$"INHERIT {inherit.ToUpperInvariant()}", $"SET {(member.GetProperty("set").GetString() ?? "true").ToUpperInvariant()}"]);
            statements.Append($"GRANT {SqlText.Identifier(member.GetProperty("role").GetString()!)} TO {SqlText.Identifier(member.GetProperty("member").GetString()!)}")
                .Append(options.Count == 0 ? ";\n" : $" WITH {string.Join(", ", options)};\n");
        }
        return statements.ToString();
    }

    private static IEnumerable<string> Attributes(JsonElement role)
    {
        foreach (var (column, attribute) in ((string, string)[])
            [("rolsuper", "SUPERUSER"), ("rolinherit", "INHERIT"), ("rolcreaterole", "CREATEROLE"), ("rolcreatedb", "CREATEDB"), ("rolcanlogin", "LOGIN"), ("rolbypassrls", "BYPASSRLS")])
            yield return (role.GetProperty(column).GetBoolean() ? "" : "NO") + attribute;
    }
}
