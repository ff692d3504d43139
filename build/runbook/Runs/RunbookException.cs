namespace Runback.Runbook.Runs;

/// <summary>
/// Something that stops a run, told for a person: what was expected, what was found, and, as <see cref="Hint"/>, what to do next.
/// </summary>
public class RunbookException : Exception
{
    /// <summary>An error with what was expected and found.</summary>
    public RunbookException(string message, string? hint = null, Outcome outcome = Outcome.Error, Exception? inner = null)
        : base(message, inner)
    {
        Hint = hint;
        Outcome = outcome;
    }

    /// <summary>What to do next, or null.</summary>
    public string? Hint { get; }

    /// <summary>How a run ends that this stops before anything changed.</summary>
    public Outcome Outcome { get; }

    /// <summary>A gate refused: nothing changed.</summary>
    public static RunbookException Refused(string message, string hint) => new(message, hint, Outcome.Refused);

    /// <summary>A value that can't be used: nothing changed.</summary>
    public static RunbookException Usage(string message, string hint) => new(message, hint, Outcome.Usage);
}
