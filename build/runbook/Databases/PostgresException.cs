using Runback.Runbook.Runs;

namespace Runback.Runbook.Databases;

/// <summary>A PostgreSQL server can't be reached, or refused a statement.</summary>
/// <param name="message">What was expected and found.</param>
/// <param name="hint">What to do next.</param>
/// <param name="sqlState">The five-character code (PostgreSQL manual, appendix A), or null when there is none, as before a connection.</param>
/// <param name="inner">What led to it.</param>
public sealed class PostgresException(string message, string? hint, string? sqlState = null, Exception? inner = null)
    : RunbookException(message, hint, Outcome.Refused, inner)
{
    /// <summary>The five-character code, or null.</summary>
    public string? SqlState { get; } = sqlState;
}
