using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>A value while a migration is read: known, partly known, or only known to be harmless or not.</summary>
internal abstract class Value;

/// <summary>
/// A known constant, as <see cref="Literal.Value"/> has it. A string may hold <see cref="Holes.Mark"/> where a part of it isn't known.
/// </summary>
internal sealed class Constant(object? value) : Value
{
    internal static readonly Constant None = new(null);
    internal static readonly Constant True = new(true);
    internal static readonly Constant False = new(false);

    internal object? Value { get; } = value;

    /// <summary>The line where a string begins whose line breaks are those of the file; 0 for any other.</summary>
    internal int Line { get; init; }

    internal static Constant Of(bool value) => value ? True : False;
}

/// <summary>Data that isn't known (a row, an environment variable): calling its methods can't touch the database.</summary>
internal sealed class Opaque : Value
{
    internal static readonly Opaque Value = new();
}

/// <summary>Something of unknown code, or that could reach the database: calling it or its methods is not followed.</summary>
internal sealed class Foreign(string name) : Value
{
    internal string Name { get; } = name;
}

/// <summary>A name in an imported module: <c>alembic.op.add_column</c>, <c>sqlalchemy.String</c>.</summary>
internal sealed class ModulePath(string path) : Value
{
    internal string Path { get; } = path;

    /// <summary>The file that imported it; null for a name that no import of the project's made.</summary>
    internal string? Importer { get; init; }

    /// <summary>How many dots that import began with.</summary>
    internal int Level { get; init; }

    internal string Last => Path[(Path.LastIndexOf('.') + 1)..];

    internal bool IsOperation => Path.StartsWith("alembic.op.", StringComparison.Ordinal);

    internal bool IsUnder(string root) =>
        Path.StartsWith(root, StringComparison.Ordinal) && (Path.Length == root.Length || Path[root.Length] == '.');
}

/// <summary>A list, tuple or set.</summary>
internal sealed class Sequence(List<Value> items, SequenceKind kind, bool uncertain = false) : Value
{
    internal List<Value> Items { get; } = items;

    internal SequenceKind Kind { get; } = kind;

    /// <summary>True when some of the items may not be there, or stand for several.</summary>
    internal bool Uncertain { get; set; } = uncertain;
}

internal enum SequenceKind
{
    List,
    Tuple,
    Set,
}

/// <summary>An entry of a dict.</summary>
internal sealed record MapEntry(Value Key, Value Value);

/// <summary>A dict. Keys that aren't known make it uncertain.</summary>
internal sealed class Mapping(List<MapEntry> entries, bool uncertain = false) : Value
{
    internal List<MapEntry> Entries { get; } = entries;

    internal bool Uncertain { get; set; } = uncertain;

    internal Value? Find(string key)
    {
        Effort.Spend(Entries.Count >> 2);
        for (var i = Entries.Count - 1; i >= 0; i--)
        {
            if (Entries[i].Key is Constant { Value: string text } && text == key)
                return Entries[i].Value;
        }

        return null;
    }
}

/// <summary>A function or lambda of the file, with the scope that it was made in.</summary>
internal sealed class Function(string name, IReadOnlyList<Parameter> parameters, IReadOnlyList<Statement>? body, Expression? result, Scope scope, int line) : Value
{
    internal string Name { get; } = name;

    internal IReadOnlyList<Parameter> Parameters { get; } = parameters;

    internal IReadOnlyList<Statement>? Body { get; } = body;

    internal Expression? Result { get; } = result;

    internal Scope Scope { get; } = scope;

    internal int Line { get; } = line;

    /// <summary>The values of the defaults, by parameter.</summary>
    internal Dictionary<string, Value> Defaults { get; } = [];

    /// <summary>The decorators that aren't known to be harmless.</summary>
    internal string? ForeignDecorator { get; set; }

    /// <summary>Decorated as a context manager: what is before and after its <c>yield</c> runs around the block.</summary>
    internal bool IsContextManager { get; set; }

    internal bool IsStatic { get; set; }

    internal bool IsProperty { get; set; }

    /// <summary>The module that it stands in.</summary>
    internal SourceModule? Module { get; init; }

    /// <summary>The first argument of a method.</summary>
    internal Value? Self { get; private init; }

    internal Function BoundTo(Value self)
    {
        var bound = new Function(Name, Parameters, Body, Result, Scope, Line)
        {
            Self = IsStatic ? null : self, ForeignDecorator = ForeignDecorator, IsContextManager = IsContextManager,
            Module = Module,
        };
        foreach (var (name, value) in Defaults)
            bound.Defaults[name] = value;
        return bound;
    }
}

/// <summary>A class of the file.</summary>
internal sealed class Class(string name, Scope body, bool isEnum, string? foreignBase) : Value
{
    internal string Name { get; } = name;

    internal Scope Body { get; } = body;

    internal bool IsEnum { get; } = isEnum;

    internal string? ForeignBase { get; } = foreignBase;

    /// <summary>The table of an ORM model; null when it is none.</summary>
    internal TableValue? Table { get; set; }

    internal List<Class> Bases { get; } = [];

    /// <summary>Whether it has a base class, perhaps further up, whose code isn't known.</summary>
    internal bool HasForeignBase
    {
        get
        {
            using var level = Effort.Deeper();
            return ForeignBase is not null || Bases.Exists(parent => parent.HasForeignBase);
        }
    }

    internal Value? Find(string name)
    {
        using var level = Effort.Deeper();
        if (Body.Own.TryGetValue(name, out var value))
            return value;
        foreach (var parent in Bases)
        {
            if (parent.Find(name) is { } inherited)
                return inherited;
        }

        return null;
    }
}

/// <summary>A member of an enum class, or an object of a class of the file.</summary>
internal sealed class Instance(Class type) : Value
{
    internal Class Type { get; } = type;

    internal Dictionary<string, Value> Fields { get; } = [];
}

/// <summary>A method or attribute of a value, not called yet.</summary>
internal sealed class Member(Value owner, string name) : Value
{
    internal Value Owner { get; } = owner;

    internal string Name { get; } = name;
}
