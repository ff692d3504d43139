namespace Runback.Runbook.Runs;

/// <summary>How a run ended, in the words of its report.</summary>
public enum Outcome
{
    /// <summary>What was asked is done and verified. Exit code 0.</summary>
    Done,

    /// <summary>An error nobody foresaw. Exit code 1.</summary>
    Error,

    /// <summary>A value that can't be used. Exit code 2, nothing changed.</summary>
    Usage,

    /// <summary>A gate refused. Exit code 3, nothing changed.</summary>
    Refused,

    /// <summary>It failed, and production is back as it was found. Exit code 4.</summary>
    Returned,

    /// <summary>It failed, and a person must look. Exit code 5.</summary>
    Failed,

    /// <summary>Another run holds the deployment. Exit code 6, nothing changed.</summary>
    Locked,
}

/// <summary>Exit codes of outcomes.</summary>
public static class Outcomes
{
    /// <summary>The process's exit code for an outcome.</summary>
    public static int ExitCode(this Outcome outcome) => (int)outcome;
}
