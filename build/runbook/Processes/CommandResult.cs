namespace Runback.Runbook.Processes;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its exit code; 0 is success.</param>
/// <param name="Output">All of its standard output.</param>
/// <param name="Error">All of its standard error.</param>
/// <param name="Duration">How long it ran.</param>
public sealed record CommandResult(int ExitCode, string Output, string Error, TimeSpan Duration)
{
    /// <summary>Whether the exit code is 0.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>The last lines of what it said, standard error first, for an error message.</summary>
    public string Complaint
    {
        get
        {
            var said = string.IsNullOrWhiteSpace(Error) ? Output : Error;
            var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return string.Join("; ", lines.TakeLast(3));
        }
    }
}
