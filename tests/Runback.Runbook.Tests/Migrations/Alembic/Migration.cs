using Runback.Runbook.Migrations.Alembic;
using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Tests.Migrations.Alembic;

/// <summary>Reads a migration from the lines of its <c>upgrade()</c>.</summary>
internal static class Migration
{
    private const string Head =
        """
        from alembic import op, context
        import sqlalchemy as sa
        from sqlalchemy import orm
        from sqlalchemy.dialects import postgresql
        revision = "b"
        down_revision = "a"

        """;

    /// <summary>What the lines do in order, each as one text; those that may not happen begin with "?".</summary>
    internal static string[] Does(string body, string module = "") => [.. Of(body, module).Upgrade.Select(Told)];

    internal static MigrationScript Of(string body, string module = "", string downgrade = "pass") => File(
        $"{Head}{module}\ndef upgrade():\n{Indented(body)}\ndef downgrade():\n{Indented(downgrade)}\n");

    internal static MigrationScript File(string text) =>
        MigrationReader.Read("b.py", text) ?? throw new InvalidOperationException("no migration");

    private static string Indented(string body) => string.Join('\n', body.ReplaceLineEndings("\n").Split('\n').Select(line => "    " + line));

    private static string Told(Change change) => (change.Conditional ? "? " : "") + change switch
    {
        TableCreated c => $"create table {c.Name}({string.Join(", ", c.Columns.Select(Column))})" + (c.IfNotExists ? " if not exists" : "") + (c.Temporary ? " temporary" : ""),
        ColumnAdded c => $"add {c.Table}.{Column(c.Column)}",
        ColumnDropped c => $"drop {c.Table}.{c.Column}" + (c.IfExists ? " if exists" : ""),
        ColumnRenamed c => $"rename {c.Table}.{c.Column} to {c.NewName}",
        ColumnTypeChanged c => $"type {c.Table}.{c.Column} {c.From ?? "?"} to {c.To ?? "?"}" + (c.Using is null ? "" : $" using {c.Using}"),
        ColumnNullabilityChanged c => $"{c.Table}.{c.Column} {(c.Nullable ? "null" : "not null")}",
        ColumnDefaultChanged c => $"{c.Table}.{c.Column} default {c.Default ?? "none"}",
        ColumnIdentityChanged c => $"{c.Table}.{c.Column} identity {c.Alteration}",
        ColumnGenerationChanged c => $"{c.Table}.{c.Column} generated {c.Expression ?? "no more"}",
        ConstraintAdded c => $"{c.Table} {c.Constraint.Kind}({c.Constraint.Columns}){Name(c.Constraint.Name)}"
            + (c.Constraint.References is { } to ? $" -> {to}({c.Constraint.ReferencedColumns})" : "") + (c.Constraint.Expression is { } check ? $" {check}" : "")
            + (c.Constraint.NotValid ? " not valid" : ""),
        ConstraintDropped c => $"drop constraint {c.Table}.{c.Name ?? "?"} {c.Kind}",
        IndexCreated c => $"{(c.Unique ? "unique " : "")}index{Name(c.Name)} on {c.Table}({c.Keys})" + (c.Predicate is null ? "" : $" where {c.Predicate}")
            + (c.Concurrently ? " concurrently" : ""),
        IndexDropped c => $"drop index {c.Name}" + (c.IfExists ? " if exists" : ""),
        ObjectCreated c => $"create {c.Kind} {c.Name}({c.Labels})",
        ObjectDropped c => $"drop {c.Kind} {c.Name}",
        ObjectRenamed c => $"rename {c.Kind} {c.Name} to {c.NewName}",
        RowsInserted c => $"insert {c.Table?.ToString() ?? "?"}" + (c.Updates.Count > 0 ? $" updating {c.Updates}" : ""),
        RowsUpdated c => $"update {c.Table?.ToString() ?? "?"}({c.Columns})",
        RowsDeleted c => $"delete {c.Table?.ToString() ?? "?"}",
        SequenceValueSet c => $"set sequence {c.Sequence?.ToString() ?? "?"}",
        Unknown c => $"unknown: {c.What}",
        Harmless => "harmless",
        AutocommitBegun => "autocommit(",
        AutocommitEnded => ")",
        _ => change.GetType().Name,
    };

    private static string Name(string? name) => name is null ? "" : " " + name;

    private static string Column(ColumnSpec column) => $"{column.Name} {column.Type ?? "?"}" + (column.Nullable ? "" : " not null")
        + (column.Default is null ? "" : $" default {column.Default}") + (column.Identity ? " identity" : "") + (column.Generated is null ? "" : $" as {column.Generated}");
}
