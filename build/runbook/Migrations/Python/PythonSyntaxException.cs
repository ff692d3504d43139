namespace Runback.Runbook.Migrations.Python;

/// <summary>Python that can't be read: what was found, what was expected, and where.</summary>
/// <param name="message">What was expected and found.</param>
/// <param name="line">The line, from 1.</param>
public sealed class PythonSyntaxException(string message, int line) : Exception(message)
{
    /// <summary>The line of the fault, from 1.</summary>
    public int Line { get; } = line;
}
