using Runback.Runbook.Runs;

namespace Runback.Runbook.Processes;

/// <summary>A command that had to succeed ended with another exit code.</summary>
/// <param name="command">What was run.</param>
/// <param name="result">How it ended.</param>
public sealed class CommandFailedException(Command command, CommandResult result)
    : RunbookException($"`{command with { Input = null }}` ended with {result.ExitCode}: {result.Complaint}")
{
    /// <summary>What was run.</summary>
    public Command Command { get; } = command;

    /// <summary>How it ended.</summary>
    public CommandResult Result { get; } = result;
}
