namespace Runback.Runbook.Migrations.Alembic;

/// <summary>The names of a module, a function or a class body.</summary>
internal sealed class Scope(Scope? outer)
{
    private readonly HashSet<string> elsewhere = [];

    internal Scope? Outer { get; } = outer;

    internal Dictionary<string, Value> Own { get; private set; } = [];

    internal Value? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.Own.TryGetValue(name, out var value))
                return value;
            Effort.Spend();
        }

        return null;
    }

    /// <summary>Names that <c>global</c> or <c>nonlocal</c> take from outside.</summary>
    internal void TakeFromOutside(IEnumerable<string> names) => elsewhere.UnionWith(names);

    internal void Set(string name, Value value)
    {
        if (elsewhere.Contains(name) && Outer is not null)
        {
            for (var scope = Outer; ; scope = scope.Outer)
            {
                Effort.Spend();
                if (scope.Own.ContainsKey(name) || scope.Outer is null)
                {
                    scope.Own[name] = value;
                    return;
                }
            }
        }

        Own[name] = value;
    }

    internal Dictionary<string, Value> Snapshot()
    {
        Effort.Spend(2L * Own.Count);
        return new(Own);
    }

    internal void Restore(Dictionary<string, Value> snapshot) => Own = snapshot;

    /// <summary>Joins what two ways through the code left behind.</summary>
    internal void Join(Dictionary<string, Value> other)
    {
        foreach (var (name, value) in other)
        {
            Effort.Spend();
            // A name that only one way knows keeps its value: on the other way using it would fail.
            Own[name] = Own.TryGetValue(name, out var mine) ? Values.Join(mine, value) : value;
        }
    }
}
