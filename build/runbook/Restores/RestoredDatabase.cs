using Runback.Runbook.Backups;

namespace Runback.Runbook.Restores;

/// <summary>A database that was restored beside the application's, and waits to take its place.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mark">What its comment says.</param>
/// <param name="Live">The application's database, as it was when this one was made.</param>
public sealed record RestoredDatabase(string Name, DatabaseMark Mark, DatabaseProperties Live)
{
    /// <summary>Removes it, where it never takes the application's place; one that can't be removed is named.</summary>
    public Func<Task>? GiveUp { get; init; }

    /// <summary>What is known of the dump, or null.</summary>
    public BackupFacts? Facts { get; init; }

    /// <summary>Its tables, revisions and large objects, compared with the dump's facts where there are any; null in a dry run.</summary>
    public RestoredContent? Content { get; init; }

    /// <summary>Alembic's revisions in it: read from it, or in a dry run from the dump's facts; null when there are none.</summary>
    public IReadOnlyList<string>? Revisions => Content is null ? Facts?.Revisions : Content.Revisions;

    /// <summary>How long it took, in seconds.</summary>
    public double Seconds { get; init; }
}
