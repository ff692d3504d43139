namespace Runback.Runbook.Migrations.Alembic;

/// <summary>A database object of the package alembic_utils, as the SQL that its operations run; null where that isn't known.</summary>
internal sealed class Entity(string? create, string? replace, string drop) : Value
{
    /// <summary>What <c>op.create_entity</c> runs.</summary>
    internal string? Create { get; } = create;

    /// <summary>What <c>op.replace_entity</c> runs.</summary>
    internal string? Replace { get; } = replace;

    /// <summary>What <c>op.drop_entity</c> runs.</summary>
    internal string Drop { get; } = drop;
}
