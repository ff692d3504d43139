using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>A module while it is followed: the migration itself, or one of the project's that it imports.</summary>
internal sealed class SourceModule(Module module, string file, Scope names, bool isImported)
{
    internal Module Module { get; } = module;

    internal string File { get; } = file;

    internal Scope Names { get; } = names;

    /// <summary>True for one that the migration imports: what its functions do is told at the line that calls them.</summary>
    internal bool IsImported { get; } = isImported;

    /// <summary>The library whose names it has all taken over; null for none.</summary>
    internal string? StarImport { get; set; }
}
