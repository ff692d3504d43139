using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>What a migration really did, as the database recorded it while it ran.</summary>
public sealed record ObservedMigration
{
    /// <summary>The commands that changed the schema, in order. A migration that was rolled back left none.</summary>
    public ValueList<ObservedCommand> Commands { get; init; } = [];

    /// <summary>What was dropped of what was there before, in order. A renamed object isn't dropped.</summary>
    public ValueList<DroppedObject> Dropped { get; init; } = [];

    /// <summary>The tables and columns that were there before and have another name now.</summary>
    public ValueList<RenamedObject> Renamed { get; init; } = [];

    /// <summary>The tables that were there before and were rewritten as a whole: <c>public.bookings</c>.</summary>
    public ValueList<string> Rewritten { get; init; } = [];

    /// <summary>The tables that were there before and whose rows were touched. Alembic's own never counts.</summary>
    public ValueList<RowChange> Rows { get; init; } = [];

    /// <summary>The strongest lock that the migrating sessions held on each table that was there before.</summary>
    public ValueList<HeldLock> Locks { get; init; } = [];

    /// <summary>The changes of Alembic's version table, in order.</summary>
    public ValueList<RevisionStep> Steps { get; init; } = [];

    /// <summary>What the recorder could not record, as sentences. While there are any, the observation is not complete.</summary>
    public ValueList<string> Gaps { get; init; } = [];
}

/// <summary>A command that changed the schema.</summary>
/// <param name="Tag">The command: <c>ALTER TABLE</c>.</param>
/// <param name="ObjectType">The kind of object as PostgreSQL names it: <c>table</c>.</param>
/// <param name="Identity">The object, with its schema; empty where PostgreSQL doesn't say.</param>
public sealed record ObservedCommand(string Tag, string ObjectType, string Identity);

/// <summary>Something that was dropped.</summary>
/// <param name="ObjectType">The kind of object as PostgreSQL names it: <c>table</c>, <c>table column</c>, <c>view</c>.</param>
/// <param name="Identity">Its name before the migration: <c>public.bookings.note</c>.</param>
/// <param name="AlongWithIt">How many parts of it went as well: a table's indexes, constraints, triggers, types.</param>
public sealed record DroppedObject(string ObjectType, string Identity, int AlongWithIt)
{
    /// <summary>The stored names that lead to it: schema, table, column. Unquoted.</summary>
    public ValueList<string> Path { get; init; } = [];
}

/// <summary>A table or column that has another name now.</summary>
/// <param name="Identity">Its name before: <c>public.bookings.note</c>.</param>
/// <param name="NewIdentity">Its name after.</param>
public sealed record RenamedObject(string Identity, string NewIdentity);

/// <summary>Whether what old columns hold is still what they held.</summary>
public enum OldValues
{
    /// <summary>Every row that was there holds the same in every column that was there.</summary>
    Same,
    /// <summary>Some row holds something else.</summary>
    Changed,
    /// <summary>It can't be told: the table is too large to compare, rows came or went, or a column's type changed.</summary>
    Unknown,
}

/// <summary>How a table's rows were touched, from PostgreSQL's own statistics.</summary>
/// <param name="Table">The table's name before the migration: <c>public.bookings</c>.</param>
/// <param name="Inserted">Rows inserted.</param>
/// <param name="Updated">Rows updated.</param>
/// <param name="Deleted">Rows deleted, by TRUNCATE too.</param>
public sealed record RowChange(string Table, long Inserted, long Updated, long Deleted)
{
    /// <summary>Whether the columns that were there before still hold what they held.</summary>
    public OldValues OldValues { get; init; } = OldValues.Unknown;
}

/// <summary>A lock that was held.</summary>
/// <param name="Table">The table: <c>public.bookings</c>.</param>
/// <param name="Mode">The mode as pg_locks names it: <c>AccessExclusiveLock</c>.</param>
public sealed record HeldLock(string Table, string Mode)
{
    /// <summary>True when even reading has to wait.</summary>
    public bool StopsReads => Mode == "AccessExclusiveLock";

    /// <summary>True when writing has to wait (PostgreSQL manual, table 13.2: what conflicts with ROW EXCLUSIVE).</summary>
    public bool StopsWrites => Mode is "AccessExclusiveLock" or "ExclusiveLock" or "ShareRowExclusiveLock" or "ShareLock";
}

/// <summary>A change of Alembic's version table: a revision was applied or undone.</summary>
/// <param name="From">The revision that left the table; null when a row was added (the first one, or a branch).</param>
/// <param name="To">The revision that came; null when a row was removed (back to base, or a merge).</param>
/// <param name="At">When (UTC), by the server's clock.</param>
/// <param name="Seconds">Seconds since the step before, or since the session began.</param>
public sealed record RevisionStep(string? From, string? To, DateTimeOffset At, double Seconds);
