using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads <c>GRANT</c>, <c>REVOKE</c>, <c>REASSIGN OWNED</c> and <c>ALTER DEFAULT PRIVILEGES</c>.</summary>
internal static class PrivilegeStatements
{
    private static readonly string[] Elsewhere =
        ["all", "sequence", "function", "procedure", "routine", "schema", "database", "type", "domain", "language", "tablespace", "foreign", "large", "parameter"];

    /// <summary>Reads <c>GRANT</c>: it only allows more.</summary>
    public static void Grant(StatementReader reader)
    {
        reader.Expect("grant");
        reader.Until(() => reader.SeesAny("on", "to"));
        if (reader.AtEnd)
            throw reader.Unexpected("ON or TO");
        reader.Add(new PrivilegesGranted(reader.Text(reader.Until(() => reader.Sees("to")))));
        reader.Expect("to");
        reader.Until(() => false);
    }

    /// <summary>Reads <c>REVOKE</c>.</summary>
    public static void Revoke(StatementReader reader)
    {
        reader.Expect("revoke");
        reader.Until(() => reader.SeesAny("on", "from"));
        List<ObjectName> tables = [];
        var what = reader.Text([.. reader.Rest.TakeWhile(token => !token.IsWord("from"))]);
        if (reader.Try("on"))
        {
            reader.Try("table");
            if (!reader.SeesAny(Elsewhere))
                tables = reader.Names();
            reader.Until(() => reader.Sees("from"));
        }
        reader.Expect("from");
        reader.Until(() => false);
        reader.Add(new PrivilegesRevoked(what) { On = tables.ToValueList() });
    }

    /// <summary>Reads what follows <c>ALTER DEFAULT PRIVILEGES</c>: it is about objects that come later.</summary>
    public static void Defaults(StatementReader reader)
    {
        reader.Until(() => reader.SeesAny("grant", "revoke"));
        if (!reader.TryAny("grant", "revoke"))
            throw reader.Unexpected("GRANT or REVOKE");
        Change change = reader.Previous.IsWord("grant")
            ? new PrivilegesGranted("default privileges")
            : new ObjectAltered(ObjectKind.Database, ObjectName.Of("default privileges"), "revoked");
        reader.Until(() => false);
        reader.Add(change);
    }

    /// <summary>Reads <c>REASSIGN OWNED</c>.</summary>
    public static void Reassign(StatementReader reader)
    {
        reader.Expect("reassign", "owned", "by");
        reader.Add(new OwnerChanged(ObjectKind.Database, ObjectName.Of(reader.Identifier())));
        reader.Expect("to");
        reader.Identifier();
    }
}
