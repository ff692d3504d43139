namespace Runback.Engine;

/// <summary>The build was asked for something that it can't do: nothing has run, exit code 2.</summary>
/// <param name="message">What was expected and what was found, one line, no secret.</param>
/// <param name="hint">What to do next: the nearest valid name or the allowed values.</param>
internal sealed class UsageException(string message, string? hint = null) : Exception(message)
{
    /// <summary>What to do next.</summary>
    public string? Hint { get; } = hint;
}
