using System.Text.RegularExpressions;

namespace Runback.Runbook.Processes;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its exit code; 0 is success.</param>
/// <param name="Output">All of its standard output.</param>
/// <param name="Error">All of its standard error.</param>
/// <param name="Duration">How long it ran.</param>
public sealed partial record CommandResult(int ExitCode, string Output, string Error, TimeSpan Duration)
{
    /// <summary>Whether the exit code is 0.</summary>
    public bool Succeeded => ExitCode == 0;

    // How far from the end the line may be that names the error: SQL and hints of many lines follow it.
    private const int Farthest = 12;

    /// <summary>What it said last, standard error first, for an error message: from the line that names the error, where one of the last does, else the last lines.</summary>
    public string Complaint
    {
        get
        {
            var said = string.IsNullOrWhiteSpace(Error) ? Output : Error;
            var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var cause = Array.FindLastIndex(lines, line => Cause().IsMatch(line));
            return cause >= Math.Max(0, lines.Length - Farthest)
                ? string.Join("; ", lines.Skip(cause).Where(line => !Noise().IsMatch(line)).Take(4))
                : string.Join("; ", lines.TakeLast(3));
        }
    }

    // An exception's own line, as Python, Java and .NET print it, or PostgreSQL's.
    [GeneratedRegex(@"^(?:[\w.]*(?:Error|Exception)\b|(?:ERROR|FATAL|PANIC)\b)")]
    private static partial Regex Cause();

    // The mark under a column, and where SQLAlchemy's manual is.
    [GeneratedRegex(@"^\^+$|^\(Background on this error at: ")]
    private static partial Regex Noise();
}
