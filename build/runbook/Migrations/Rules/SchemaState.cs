using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Sql;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>
/// The schema as far as the migrations read so far tell. What they never mention is taken for old. A change that may not happen
/// is applied only where it makes things worse.
/// </summary>
internal sealed class SchemaState
{
    private readonly Dictionary<ObjectName, TableState> _tables = [];
    private readonly Dictionary<(ObjectKind, ObjectName), ObjectState> _objects = [];
    private readonly Dictionary<ObjectName, IndexState> _indexes = [];
    private readonly List<(int Migration, IndexState Index)> _gone = [];
    private readonly List<(int Migration, ObjectName Table, ConstraintState Constraint)> _goneConstraints = [];

    /// <summary>True when the migrations were read from the very first one, so that what they never made was not there.</summary>
    public bool FromBase { get; set; }

    /// <summary>True when a migration did something that was not understood.</summary>
    public bool SawUnknown { get; private set; }

    /// <summary>The index of the migration that is being read.</summary>
    public int Migration { get; set; }

    /// <summary>All tables that were mentioned.</summary>
    public IEnumerable<KeyValuePair<ObjectName, TableState>> Tables => _tables;

    /// <summary>All indexes that were created.</summary>
    public IEnumerable<IndexState> Indexes => _indexes.Values;

    /// <summary>A table that was mentioned; null when it was not.</summary>
    public TableState? Table(ObjectName name) => _tables.GetValueOrDefault(name);

    /// <summary>An index that was created; null when it was not.</summary>
    public IndexState? Index(ObjectName name) => _indexes.GetValueOrDefault(name);

    /// <summary>An object that was created; null when it was not.</summary>
    public ObjectState? Object(ObjectKind kind, ObjectName name) => _objects.GetValueOrDefault((kind, name));

    /// <summary>The domain that a column's type names; one of the same name in another schema where there is none of just that name.</summary>
    public DomainDefinition? Domain(string? type)
    {
        if (TypeText.NameOf(type) is not { } name)
            return null;
        return Object(ObjectKind.Domain, name)?.Domain
            ?? (name.Schema is null ? _objects.FirstOrDefault(found => found.Key.Item1 == ObjectKind.Domain && found.Key.Item2.Name == name.Name).Value?.Domain : null);
    }

    /// <summary>Exchanges what a domain demands.</summary>
    public void Put(ObjectName domain, Func<DomainDefinition, DomainDefinition> change)
    {
        if (_objects.TryGetValue((ObjectKind.Domain, domain), out var found))
            _objects[(ObjectKind.Domain, domain)] = found with { Domain = change(found.Domain ?? new DomainDefinition(null)) };
    }

    /// <summary>Applies a change that happens after all that were applied before.</summary>
    public void Apply(Change change)
    {
        switch (change)
        {
            case Unknown:
                SawUnknown = true;
                break;
            case TableCreated created:
                Create(created);
                break;
            case ObjectCreated created:
                Create(created);
                break;
            case ObjectDropped { Conditional: false } dropped:
                Drop(dropped);
                break;
            case ObjectRenamed { Conditional: false } renamed:
                Rename(renamed);
                break;
            case IndexCreated { Name: { } name } created:
                var full = created.Table.Sibling(name);
                if (!_indexes.ContainsKey(full) || !(created.IfNotExists || created.Conditional))
                    _indexes[full] = new IndexState(created, AgainSince(created) ?? Born(created, created.IfNotExists));
                break;
            case IndexCreated created:
                _indexes[created.Table.Sibling($"{created.Table.Name}_{string.Join('_', created.Keys)}_idx")] = new IndexState(created, Born(created, false));
                break;
            case IndexDropped { Conditional: false } dropped:
                if (_indexes.Remove(dropped.Name, out var gone))
                    _gone.Add((Migration, gone));
                break;
            case IndexRenamed { Conditional: false } renamed when _indexes.Remove(renamed.Name, out var index):
                _indexes[renamed.Name.Sibling(renamed.NewName)] = index;
                break;
            case ObjectAltered { Kind: ObjectKind.Domain } or ConstraintAdded { OnDomain: true }:
                Domains.Apply(change, this);
                break;
            default:
                TableChange.Apply(change, this);
                break;
        }
    }

    /// <summary>The table of this name; an old one when no migration created it.</summary>
    public TableState TableOrOld(ObjectName name)
    {
        if (!_tables.TryGetValue(name, out var table))
            _tables[name] = table = new TableState(Birth.Before);
        return table;
    }

    /// <summary>Notes that a constraint of a table was dropped.</summary>
    public void Gone(ObjectName table, ConstraintState constraint) => _goneConstraints.Add((Migration, table, constraint));

    /// <summary>The birth of the constraint that the same migration dropped before, and makes again; null when it is another one.</summary>
    public Birth? AgainSince(ObjectName table, ConstraintSpec spec) =>
        _goneConstraints.FindLast(gone => gone.Migration == Migration && gone.Table == table && Recreation.Same(gone.Constraint.Spec, spec)) is { Constraint: { } before } ? before.Birth : null;

    /// <summary>True for a constraint that the same migration dropped before.</summary>
    public bool IsAgain(ConstraintAdded added) => !added.Conditional && AgainSince(added.Table, added.Constraint) is not null;

    private Birth? AgainSince(IndexCreated created) =>
        created.Conditional ? null : _gone.FindLast(gone => gone.Migration == Migration && Recreation.Same(gone.Index.Index, created)) is { Index: { } before } ? before.Birth : null;

    /// <summary>The birth of something that a change creates.</summary>
    public Birth Born(Change change, bool mayExist) => new(Migration, !(change.Conditional || mayExist) || FromBase);

    private void Create(TableCreated created)
    {
        if (_tables.ContainsKey(created.Name) && (created.IfNotExists || created.Conditional))
            return;
        var birth = Born(created, created.IfNotExists);
        var table = _tables[created.Name] = new TableState(birth);
        foreach (var column in created.Columns)
            table.Columns[column.Name] = new ColumnState(column, birth, created.At);
    }

    private void Create(ObjectCreated created)
    {
        var key = (created.Kind, created.Name);
        var exists = _objects.TryGetValue(key, out var before);
        var birth = exists && (created.IfNotExists || created.Replaces || created.Conditional) ? before!.Birth : Born(created, created.IfNotExists);
        if (created.Replaces && !exists && !(FromBase && !SawUnknown))
            birth = birth with { Sure = false };
        // What is there already is left as it is.
        var kept = exists && (created.IfNotExists || (created.Conditional && !created.Replaces));
        _objects[key] = kept ? before! : new ObjectState(birth, created.Arguments, created.Body, created.Domain);
    }

    private void Drop(ObjectDropped dropped)
    {
        if (dropped.Kind is ObjectKind.Table or ObjectKind.ForeignTable)
        {
            _tables.Remove(dropped.Name);
            foreach (var index in _indexes.Where(index => index.Value.Index.Table == dropped.Name).ToList())
                _indexes.Remove(index.Key);
        }
        _objects.Remove((dropped.Kind, dropped.Name));
    }

    private void Rename(ObjectRenamed renamed)
    {
        if (_tables.Remove(renamed.Name, out var table))
        {
            _tables[renamed.NewName] = table;
            foreach (var (name, index) in _indexes.Where(index => index.Value.Index.Table == renamed.Name).ToList())
                _indexes[name] = index with { Index = index.Index with { Table = renamed.NewName } };
        }
        else if (_objects.Remove((renamed.Kind, renamed.Name), out var other))
        {
            _objects[(renamed.Kind, renamed.NewName)] = other;
            if (renamed.Kind == ObjectKind.Domain)
                Domains.Rename(renamed, this);
        }
    }
}
