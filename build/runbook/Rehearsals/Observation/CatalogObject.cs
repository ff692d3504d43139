using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>One object of a database as its catalogs describe it.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Identity">Its name for people, with its schema: <c>public.bookings.note</c>. Unique among the objects of its kind.</param>
/// <param name="Table">The identity of the table (or other object) that it belongs to; null when it stands by itself.</param>
/// <param name="Definition">All that makes it what it is, as text without its own name.</param>
public sealed record CatalogObject(CatalogKind Kind, string Identity, string? Table, string Definition)
{
    /// <summary>The stored names that lead to it: schema, table, column. Unquoted.</summary>
    public ValueList<string> Path { get; init; } = [];

    /// <summary>Single properties, sorted by name.</summary>
    public ValueList<CatalogAttribute> Attributes { get; init; } = [];

    /// <summary>The identity as people say it: without the schema <c>public</c>.</summary>
    public string Name => CatalogName.Short(Identity);

    /// <summary>A property; null when it has none of this name.</summary>
    public string? this[string attribute] => Attributes.FirstOrDefault(one => one.Name == attribute)?.Value;

    /// <summary>True for a property that is <c>true</c>.</summary>
    public bool Is(string attribute) => this[attribute] == "true";
}

/// <summary>A property of an object.</summary>
/// <param name="Name">Its name: <c>nullable</c>.</param>
/// <param name="Value">Its value as text; <c>true</c> or <c>false</c> for a condition.</param>
public sealed record CatalogAttribute(string Name, string Value);
