namespace Runback.Runbook.Migrations.Changes;

/// <summary>
/// The name of a database object as PostgreSQL stores it: already folded, without quotes.
/// The schema <c>public</c> counts as no schema, since an unqualified name most often means it.
/// </summary>
public sealed record ObjectName
{
    private ObjectName(string? schema, string name) => (Schema, Name) = (schema, name);

    /// <summary>The schema; null for <c>public</c> and for an unqualified name.</summary>
    public string? Schema { get; }

    /// <summary>The name inside its schema.</summary>
    public string Name { get; }

    /// <summary>A name taken as it is: Alembic quotes what needs quotes, so it never folds.</summary>
    public static ObjectName Of(string name, string? schema = null) =>
        new(string.IsNullOrEmpty(schema) || schema == "public" ? null : schema, name);

    /// <summary>Another name in the same schema.</summary>
    public ObjectName Sibling(string name) => new(Schema, name);

    /// <summary>The column or other part of this object, for messages: <c>bookings.note</c>.</summary>
    public string Part(string part) => $"{this}.{part}";

    /// <summary><c>name</c> or <c>schema.name</c>.</summary>
    public override string ToString() => Schema is null ? Name : $"{Schema}.{Name}";
}
