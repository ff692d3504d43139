namespace Runback.Runbook.Migrations.Alembic;

/// <summary>A migration file whose identifiers (<c>revision</c>, <c>down_revision</c>, …) can't be read.</summary>
/// <param name="message">What was expected and found.</param>
/// <param name="line">The line, from 1; 0 when it is about the whole file.</param>
public sealed class MigrationFormatException(string message, int line) : Exception(message)
{
    /// <summary>The line of the fault, from 1; 0 when it is about the whole file.</summary>
    public int Line { get; } = line;
}
