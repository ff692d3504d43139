namespace Runback.Runbook.Migrations.Changes;

/// <summary>
/// One thing that a migration does to the database, independent of how it was written (an Alembic call or SQL).
/// The set is closed: every kind is a record in this namespace.
/// </summary>
public abstract record Change
{
    private protected Change()
    {
    }

    /// <summary>Where it is written.</summary>
    public SourceLine At { get; init; } = SourceLine.None;

    /// <summary>
    /// True when it may not happen: the reader could not decide the condition that it stands under
    /// (an <c>if</c> over the database's state, a loop that may not run).
    /// </summary>
    public bool Conditional { get; init; }
}

/// <summary>A line of a migration file.</summary>
/// <param name="File">The file's path as the reader was given it; empty when there is none.</param>
/// <param name="Line">The line, from 1; 0 when not known.</param>
public readonly record struct SourceLine(string File, int Line)
{
    /// <summary>No place known.</summary>
    public static SourceLine None { get; } = new("", 0);

    /// <summary><c>file:line</c>.</summary>
    public override string ToString() => $"{File}:{Line}";
}

/// <summary>Something that the reader could not follow. It counts as dangerous.</summary>
/// <param name="What">The code or the statement's first words.</param>
/// <param name="Why">What kept the reader from following it.</param>
public sealed record Unknown(string What, string Why) : Change;

/// <summary>Something that neither old code nor data can notice: a comment, a session setting, storage options, statistics, a lock.</summary>
/// <param name="What">What it is, in a few words: <c>comment on table bookings</c>.</param>
public sealed record Harmless(string What) : Change;

/// <summary>From here on statements commit one by one (<c>autocommit_block</c>, <c>COMMIT</c>): a failure leaves what ran before.</summary>
public sealed record AutocommitBegun : Change;

/// <summary>Statements run in the migration's transaction again.</summary>
public sealed record AutocommitEnded : Change;
