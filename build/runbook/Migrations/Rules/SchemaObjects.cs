using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>When something came to be: the index of the migration that created it.</summary>
/// <param name="Migration">The index; <see cref="Before"/> for what was there before the first migration that was read.</param>
/// <param name="Sure">False when it may have been there already (<c>IF NOT EXISTS</c>, a condition that could not be decided).</param>
internal readonly record struct Birth(int Migration, bool Sure)
{
    /// <summary>It was there before the first migration that was read.</summary>
    public static Birth Before { get; } = new(-1, false);
}

/// <summary>A table as far as the migrations tell.</summary>
internal sealed class TableState(Birth birth)
{
    public Birth Birth { get; } = birth;
    public Dictionary<string, ColumnState> Columns { get; } = new(StringComparer.Ordinal);
    public List<ConstraintState> Constraints { get; } = [];
    public Dictionary<string, Birth> Triggers { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, Birth> Policies { get; } = new(StringComparer.Ordinal);
    public bool RowSecurity { get; set; }

    /// <summary>The index of the last migration that added or altered a column or a constraint.</summary>
    public int Touched { get; set; } = birth.Migration;
}

/// <summary>A column as far as the migrations tell.</summary>
/// <param name="Spec">Its declaration as it stands now.</param>
/// <param name="Birth">When it was added.</param>
/// <param name="At">Where it got the state that it has now.</param>
internal sealed record ColumnState(ColumnSpec Spec, Birth Birth, SourceLine At);

/// <summary>A constraint as far as the migrations tell.</summary>
/// <param name="Spec">Its declaration.</param>
/// <param name="Birth">When it was added.</param>
/// <param name="At">Where it was added.</param>
/// <param name="WithTable">True when it was added by the statement that made the table: then no row of old code ever met it as new.</param>
internal sealed record ConstraintState(ConstraintSpec Spec, Birth Birth, SourceLine At, bool WithTable);

/// <summary>An index as far as the migrations tell.</summary>
internal sealed record IndexState(IndexCreated Index, Birth Birth);

/// <summary>Any other object as far as the migrations tell.</summary>
internal sealed record ObjectState(Birth Birth, string? Arguments, string? Body, DomainDefinition? Domain = null);
