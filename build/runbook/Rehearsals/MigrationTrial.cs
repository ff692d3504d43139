using Runback.Runbook.Rehearsals.Observation;

namespace Runback.Runbook.Rehearsals;

/// <summary>How Alembic's way from one schema to another went on the copy.</summary>
/// <param name="Succeeded">Whether every call ended well.</param>
/// <param name="Failure">What Alembic said last when it didn't; else null.</param>
/// <param name="Seconds">How long Alembic ran, the start of its containers included.</param>
/// <param name="Observed">What the database recorded meanwhile; null when nothing could be recorded.</param>
public sealed record MigrationTrial(bool Succeeded, string? Failure, double Seconds, ObservedMigration? Observed);
