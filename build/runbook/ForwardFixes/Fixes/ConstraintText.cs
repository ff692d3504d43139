using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>Constraints and indexes as SQL declares them.</summary>
internal static class ConstraintText
{
    /// <summary>A constraint as in <c>CREATE TABLE</c> or after <c>ADD</c>; null when not enough of it is known.</summary>
    public static string? Of(ConstraintSpec constraint)
    {
        if (constraint.UsingIndex is not null || Body(constraint) is not { } body)
            return null;
        return (constraint.Name is { } name ? $"CONSTRAINT {SqlName.Of(name)} " : "") + body + (constraint.NotValid ? " NOT VALID" : "");
    }

    /// <summary><c>CREATE INDEX</c>.</summary>
    public static string Index(IndexCreated index)
    {
        var keys = index.Keys.Select(key => key.StartsWith('(') ? key : SqlName.Of(key));
        return $"CREATE {(index.Unique ? "UNIQUE " : "")}INDEX {(index.Name is { } name ? SqlName.Of(name) + " " : "")}ON {SqlName.Of(index.Table)} ({string.Join(", ", keys)})"
            + (index.NullsNotDistinct ? " NULLS NOT DISTINCT" : "") + (index.Predicate is { } predicate ? $" WHERE {predicate}" : "");
    }

    private static string? Body(ConstraintSpec constraint) => constraint switch
    {
        { Kind: ConstraintKind.PrimaryKey, Columns.Count: > 0 } => $"PRIMARY KEY ({SqlName.List(constraint.Columns)})",
        { Kind: ConstraintKind.Unique, Columns.Count: > 0 } => $"UNIQUE {(constraint.NullsNotDistinct ? "NULLS NOT DISTINCT " : "")}({SqlName.List(constraint.Columns)})",
        { Kind: ConstraintKind.Check, Expression: { } expression } when !expression.Contains('…', StringComparison.Ordinal) => $"CHECK ({expression})",
        { Kind: ConstraintKind.ForeignKey, Columns.Count: > 0, References: { } target } =>
            $"FOREIGN KEY ({SqlName.List(constraint.Columns)}) REFERENCES {SqlName.Of(target)}"
            + (constraint.ReferencedColumns.Count > 0 ? $" ({SqlName.List(constraint.ReferencedColumns)})" : "")
            + (constraint.OnDelete is { } action ? $" ON DELETE {action}" : ""),
        _ => null,
    };
}
