namespace Runback.Runbook.Migrations.Alembic;

/// <summary>How a block of statements ends.</summary>
internal enum Flow
{
    Normal,
    Return,
    Raise,
    Break,
    Continue,
}

/// <summary>A function's call while it is followed.</summary>
internal sealed class Frame(Scope scope, bool isModule)
{
    internal Scope Scope { get; } = scope;

    internal bool IsModule { get; } = isModule;

    internal List<Value> Results { get; } = [];

    internal bool Yields { get; set; }

    /// <summary>How many returns may have happened: what follows them is conditional.</summary>
    internal int MaybeReturned { get; set; }

    /// <summary>How many breaks or continues of the running loop may have happened.</summary>
    internal int MaybeLeftLoop { get; set; }

    /// <summary>True once the running loop may have been broken off.</summary>
    internal bool MaybeBroken { get; set; }
}
