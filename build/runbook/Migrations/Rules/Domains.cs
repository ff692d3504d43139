using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Sql;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>Domains carry constraints and defaults of their own into the columns that have them.</summary>
internal static class Domains
{
    private const int MostBeneath = 10;

    /// <summary>The column with what its domain, and those beneath, demand and give.</summary>
    public static ColumnSpec Applied(ColumnSpec column, SchemaState schema)
    {
        foreach (var domain in Of(column.Type, schema))
            column = column with { Nullable = column.Nullable && !domain.NotNull, Default = column.Default ?? domain.Default };
        return column;
    }

    /// <summary>The conditions that every value of a type must pass.</summary>
    public static IEnumerable<string> Checks(string? type, SchemaState schema) => Of(type, schema).SelectMany(domain => domain.Checks);

    /// <summary>Applies a change of a domain.</summary>
    public static void Apply(Change change, SchemaState schema)
    {
        switch (change)
        {
            case ConstraintAdded { Constraint.Kind: ConstraintKind.Check } added:
                schema.Put(added.Table, domain => domain with { Checks = [.. domain.Checks, added.Constraint.Expression ?? "value is unknown"] });
                break;
            case ObjectAltered altered:
                var words = Lexer.Tokens(altered.What).Where(token => token.Significant).Take(3).Select(token => token.Value).ToList();
                if (words is ["set", "not", "null"])
                    schema.Put(altered.Name, domain => domain with { NotNull = true });
                else if (words is ["drop", "not", "null"] && !altered.Conditional)
                    schema.Put(altered.Name, domain => domain with { NotNull = false });
                else if (words is ["drop", "default", ..])
                    schema.Put(altered.Name, domain => domain with { Default = null });
                else if (words is ["set", "default", ..] && !altered.Conditional)
                    schema.Put(altered.Name, domain => domain with { Default = altered.What[(altered.What.IndexOf("default", StringComparison.OrdinalIgnoreCase) + 7)..].Trim() });
                break;
        }
    }

    /// <summary>Columns of a domain that got another name follow it.</summary>
    public static void Rename(ObjectRenamed renamed, SchemaState schema)
    {
        foreach (var (_, table) in schema.Tables)
        {
            foreach (var (name, column) in table.Columns.Where(column => TypeText.NameOf(column.Value.Spec.Type) == renamed.Name).ToList())
                table.Columns[name] = column with { Spec = column.Spec with { Type = renamed.NewName.ToString() } };
        }
    }

    private static IEnumerable<DomainDefinition> Of(string? type, SchemaState schema)
    {
        for (var depth = 0; depth < MostBeneath && schema.Domain(type) is { } domain; depth++)
        {
            yield return domain;
            type = domain.Type;
        }
    }
}
