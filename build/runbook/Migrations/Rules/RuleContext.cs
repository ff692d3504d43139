using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>What a rule may ask: the schema so far, and what in it is new, that is, created by the migrations that are judged and unknown to old code.</summary>
/// <param name="schema">The schema so far.</param>
/// <param name="since">The index of the first migration that is judged.</param>
internal sealed class RuleContext(SchemaState schema, int since)
{
    private const int MostLater = 200;

    /// <summary>The schema so far.</summary>
    public SchemaState Schema { get; } = schema;

    /// <summary>The index of the first migration that is judged.</summary>
    public int Since { get; } = since;

    /// <summary>The changes that the same migration makes after the one that is judged, the next ones first.</summary>
    public IEnumerable<Change> Later { get; private set; } = [];

    /// <summary>Goes on to a change of a migration.</summary>
    public void GoTo(ValueList<Change> changes, int index) =>
        Later = Enumerable.Range(index + 1, Math.Min(MostLater, changes.Count - index - 1)).Select(later => changes[later]);

    /// <summary>True for what the judged migrations created, beyond doubt.</summary>
    public bool IsNew(Birth birth) => birth.Sure && birth.Migration >= Since;

    /// <summary>True for a new table, view or materialized view.</summary>
    public bool IsNewRelation(ObjectName name) =>
        Schema.Table(name) is { } table
            ? IsNew(table.Birth)
            : IsNewObject(ObjectKind.View, name) || IsNewObject(ObjectKind.MaterializedView, name) || IsNewObject(ObjectKind.ForeignTable, name)
              || IsInNewSchema(name);

    /// <summary>True for a new object; a table too.</summary>
    public bool IsNewObject(ObjectKind kind, ObjectName name) =>
        kind is ObjectKind.Table
            ? IsNewRelation(name)
            : Schema.Object(kind, name) is { } found ? IsNew(found.Birth) : kind != ObjectKind.Schema && IsInNewSchema(name);

    /// <summary>True for a column that old code does not know: a new one, or one of a new table.</summary>
    public bool IsNewColumn(ObjectName table, string column) =>
        IsNewRelation(table) || (Column(table, column) is { } state && IsNew(state.Birth));

    /// <summary>The column as far as the migrations tell; null when they never made it.</summary>
    public ColumnState? Column(ObjectName table, string column) =>
        Schema.Table(table)?.Columns.GetValueOrDefault(column) is { } state ? state with { Spec = Domains.Applied(state.Spec, Schema) } : null;

    /// <summary>The constraint as far as the migrations tell; null when they never made it.</summary>
    public ConstraintState? Constraint(ObjectName table, string? name) =>
        name is null ? null : Schema.Table(table)?.Constraints.LastOrDefault(constraint => constraint.Spec.Name == name);

    /// <summary>True for a new column that stays NULL in every row that old code inserts.</summary>
    public bool StaysNull(ObjectName table, string column) =>
        Column(table, column) is { Spec: { Nullable: true, FilledByServer: false } } state && IsNew(state.Birth);

    /// <summary>Whether a column is new and, if so, what rows that old code inserts hold there: null for NULL, else the default's expression.</summary>
    public (bool IsNew, string? Default) ValueForOldCode(ObjectName table, string column) =>
        Column(table, column) is { } state && IsNew(state.Birth)
            ? (true, state.Spec.FilledByServer ? state.Spec.Default ?? "(computed)" : null)
            : (false, null);

    /// <summary>The old tables that have something new about them.</summary>
    public IEnumerable<KeyValuePair<ObjectName, TableState>> OldTables => Schema.Tables.Where(table => table.Value.Touched >= Since && !IsNew(table.Value.Birth));

    /// <summary>The constraints that the judged migrations added to an old table.</summary>
    public IEnumerable<ConstraintState> Added(TableState table) =>
        table.Constraints.Where(constraint => constraint.Birth.Migration >= Since && !constraint.WithTable);

    private bool IsInNewSchema(ObjectName name) =>
        name.Schema is { } schemaName && Schema.Object(ObjectKind.Schema, ObjectName.Of(schemaName)) is { } found && IsNew(found.Birth)
        && Schema.Table(name) is null;
}
