using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads <c>ALTER TYPE</c> and <c>ALTER DOMAIN</c>.</summary>
internal static class AlterType
{
    /// <summary>Reads what follows <c>ALTER TYPE</c>.</summary>
    public static void Type(StatementReader reader)
    {
        var name = reader.Name();
        if (reader.Try("add", "value"))
        {
            reader.IfNotExists();
            reader.Add(new EnumLabelAdded(name, reader.String()));
            if (reader.TryAny("before", "after"))
                reader.String();
        }
        else if (reader.Try("rename", "value"))
        {
            var label = reader.String();
            reader.Expect("to");
            reader.Add(new EnumLabelRenamed(name, label, reader.String()));
        }
        else
            Common(reader, ObjectKind.Type, name);
    }

    /// <summary>Reads what follows <c>ALTER DOMAIN</c>.</summary>
    public static void Domain(StatementReader reader)
    {
        var name = reader.Name();
        if (reader.Try("add"))
            reader.Add(new ConstraintAdded(name, ConstraintDefinition.Read(reader)) { OnDomain = true });
        else if (reader.Try("drop", "constraint"))
        {
            var ifExists = reader.IfExists();
            var constraint = reader.Identifier();
            reader.Add(new ConstraintDropped(name, constraint, null) { IfExists = ifExists, Cascade = reader.Cascade(), OnDomain = true });
        }
        else if (reader.Try("validate", "constraint"))
            reader.Add(new ConstraintValidated(name, reader.Identifier()));
        else
            Common(reader, ObjectKind.Domain, name);
    }

    private static void Common(StatementReader reader, ObjectKind kind, ObjectName name)
    {
        if (reader.Try("rename", "to"))
            reader.Add(new ObjectRenamed(kind, name, name.Sibling(reader.Identifier())));
        else if (reader.Try("set", "schema"))
            reader.Add(new ObjectRenamed(kind, name, ObjectName.Of(name.Name, reader.Identifier())));
        else if (reader.Try("owner", "to"))
        {
            reader.Identifier();
            reader.Add(new OwnerChanged(kind, name));
        }
        else
            reader.Add(new ObjectAltered(kind, name, reader.Text(reader.Until(() => false))));
    }
}
