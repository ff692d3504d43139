using Runback.Runbook.Databases;

namespace Runback.Runbook.Restores;

/// <summary>The statements that make a database like another one, without its content (PostgreSQL manual, CREATE DATABASE, ALTER DATABASE, GRANT).</summary>
public static class DatabaseDefinition
{
    // Parameters whose value is a list of names, as the catalog has it: already quoted (guc_tables.c, GUC_LIST_QUOTE).
    private static readonly HashSet<string> Lists = new(StringComparer.OrdinalIgnoreCase)
    {
        "search_path", "temp_tablespaces", "local_preload_libraries", "session_preload_libraries", "shared_preload_libraries", "unix_socket_directories",
    };

    /// <summary>The statement that makes an empty one under another name.</summary>
    /// <param name="like">The database to be like.</param>
    /// <param name="name">The new one's name.</param>
    /// <param name="connectionLimit">How many connections of ordinary roles it takes; -1 is any number.</param>
    public static string Create(DatabaseProperties like, string name, int connectionLimit)
    {
        // template0 is the only template that takes any encoding and locale, and that a dump restores into cleanly (manual, 22.3).
        var options = new List<string>
        {
            "TEMPLATE template0", "OWNER " + SqlText.Identifier(like.Owner), "ENCODING " + SqlText.Literal(like.Encoding),
            "LC_COLLATE " + SqlText.Literal(like.Collate), "LC_CTYPE " + SqlText.Literal(like.Ctype),
        };
        switch (like.LocaleProvider)
        {
            case "c":
                options.Add("LOCALE_PROVIDER libc");
                break;
            case "i":
                options.Add("LOCALE_PROVIDER icu");
                options.Add("ICU_LOCALE " + SqlText.Literal(like.Locale));
                if (like.IcuRules is { } rules)
                    options.Add("ICU_RULES " + SqlText.Literal(rules));
                break;
            case "b":
                options.Add("LOCALE_PROVIDER builtin");
                options.Add("BUILTIN_LOCALE " + SqlText.Literal(like.Locale));
                break;
        }
        options.Add("TABLESPACE " + SqlText.Identifier(like.Tablespace));
        options.Add($"CONNECTION LIMIT {connectionLimit}");
        return $"CREATE DATABASE {SqlText.Identifier(name)} WITH {string.Join(' ', options)}";
    }

    /// <summary>The statements that give it the settings, privileges and labels of another one.</summary>
    public static IReadOnlyList<string> Properties(DatabaseProperties like, string name)
    {
        var database = SqlText.Identifier(name);
        var statements = like.Settings.Select(setting => Set(setting, database)).ToList();
        if (like.Grants is { } grants)
        {
            statements.Add($"REVOKE ALL ON DATABASE {database} FROM PUBLIC, {SqlText.Identifier(like.Owner)}");
            statements.AddRange(grants.Select(grant =>
                $"GRANT {grant.Privilege} ON DATABASE {database} TO {(grant.Role is { } role ? SqlText.Identifier(role) : "PUBLIC")}{(grant.Grantable ? " WITH GRANT OPTION" : "")}"));
        }
        statements.AddRange(like.Labels.Select(label =>
            $"SECURITY LABEL FOR {SqlText.Identifier(label.Provider)} ON DATABASE {database} IS {SqlText.Literal(label.Text)}"));
        return statements;
    }

    /// <summary>The statement that sets a database's comment; null removes it.</summary>
    public static string Comment(string name, string? comment) => $"COMMENT ON DATABASE {SqlText.Identifier(name)} IS {SqlText.Literal(comment)}";

    private static string Set(DatabaseProperties.Setting setting, string database)
    {
        var value = Lists.Contains(setting.Name)
            ? string.Join(", ", Names(setting.Value).Select(SqlText.Literal))
            : SqlText.Literal(setting.Value);
        var whose = setting.Role is { } role ? $"ALTER ROLE {SqlText.Identifier(role)} IN DATABASE {database}" : $"ALTER DATABASE {database}";
        return $"{whose} SET {SqlText.Identifier(setting.Name)} TO {value}";
    }

    /// <summary>Splits a list of names as PostgreSQL writes it: quoted where needed, separated by commas.</summary>
    internal static IReadOnlyList<string> Names(string list)
    {
        var names = new List<string>();
        var name = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < list.Length; i++)
        {
            var c = list[i];
            if (quoted)
            {
                if (c != '"')
                    name.Append(c);
                else if (i + 1 < list.Length && list[i + 1] == '"')
                    name.Append(list[++i]);
                else
                    quoted = false;
            }
            else if (c == '"')
                quoted = true;
            else if (c == ',')
            {
                names.Add(name.ToString());
                name.Clear();
            }
            else if (!char.IsWhiteSpace(c))
                name.Append(c);
        }
        names.Add(name.ToString());
        return names;
    }
}
