using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes;

/// <summary>What a fix may ask: the schema that old code knows, the kept one, and the way between them.</summary>
internal sealed class FixContext
{
    private readonly CatalogFacts? _facts;

    public FixContext(PathAssessment assessment, IReadOnlyList<MigrationScript> history, CatalogFacts? kept)
    {
        var path = assessment.Revisions.Select(revision => revision.Script).ToList();
        _facts = kept;
        Names = new PathNames([.. path.SelectMany(script => script.Upgrade)]);
        Before = Replay(history);
        Created = [.. history.SelectMany(script => script.Upgrade).OfType<ObjectCreated>()];
        After = Replay([.. history, .. path]);
        EnumsBefore = EnumLabels.Of(history);
        EnumsAfter = EnumLabels.Of([.. history, .. path]);
    }

    /// <summary>The names of tables and columns along the path.</summary>
    public PathNames Names { get; }

    /// <summary>The schema that old code knows, as far as the migrations tell.</summary>
    public SchemaState Before { get; }

    /// <summary>Everything that the history created, in order.</summary>
    public IReadOnlyList<ObjectCreated> Created { get; }

    /// <summary>The kept schema, as far as the migrations tell.</summary>
    public SchemaState After { get; }

    /// <summary>The enums that old code knows.</summary>
    public EnumLabels EnumsBefore { get; }

    /// <summary>The enums of the kept schema.</summary>
    public EnumLabels EnumsAfter { get; }

    /// <summary>The changes that a reason is about, with their places in the path.</summary>
    public IEnumerable<(T Change, int Index)> Changes<T>(Reason reason, Func<T, string> subject) where T : Change
    {
        for (var i = 0; i < Names.Changes.Count; i++)
            if (Names.Changes[i] is T change && change.At == reason.At && subject(change) == reason.Subject)
                yield return (change, i);
    }

    /// <summary>A column that old code knows, as the history declares it; null when the history doesn't tell.</summary>
    public ColumnSpec? OldColumn(ObjectName table, string column) => Before.Table(table)?.Columns.GetValueOrDefault(column)?.Spec;

    /// <summary>A column of the kept schema: the database's word first, then the migrations'.</summary>
    public ColumnSpec? KeptColumn(ObjectName table, string column) =>
        _facts?.Column(table, column) ?? After.Table(table)?.Columns.GetValueOrDefault(column)?.Spec;

    /// <summary>Whether the kept schema has a column; null when the database wasn't read.</summary>
    public bool? Has(ObjectName table, string column) => _facts is null ? null : _facts.Column(table, column) is not null;

    /// <summary>Whether the kept schema has a relation; null when the database wasn't read.</summary>
    public bool? Has(ObjectName relation) => _facts is null ? null : _facts.Relation(relation) is not null;

    /// <summary>True for a view, as far as the migrations or the database tell.</summary>
    public bool IsView(ObjectName relation) =>
        _facts?.Relation(relation) is { } found
            ? found.Kind is RelationKind.View or RelationKind.MaterializedView
            : After.Object(ObjectKind.View, relation) is not null || After.Object(ObjectKind.MaterializedView, relation) is not null;

    /// <summary>Whether the kept schema has a function or procedure; null when the database wasn't read.</summary>
    public bool? HasFunction(ObjectName name) => _facts?.Functions.Contains(name);

    /// <summary>The triggers of a kept table.</summary>
    public IReadOnlyList<string> Triggers(ObjectName table) =>
        _facts?.Relation(table)?.Triggers ?? [.. After.Table(table)?.Triggers.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>()];

    private static SchemaState Replay(IReadOnlyList<MigrationScript> scripts)
    {
        var schema = new SchemaState();
        foreach (var script in scripts)
        {
            foreach (var change in script.Upgrade)
                schema.Apply(change);
            schema.Migration++;
        }
        return schema;
    }
}
