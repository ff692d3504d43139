namespace Runback.Engine;

/// <summary>Where a target is in a run.</summary>
public enum ExecutionStatus
{
    /// <summary>Not part of the plan.</summary>
    None,

    /// <summary>Will run.</summary>
    Scheduled,

    /// <summary>Was planned, and something before it failed or the run was interrupted.</summary>
    NotRun,

    /// <summary>Left out by a condition or by <c>--skip</c>.</summary>
    Skipped,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Threw.</summary>
    Failed,

    /// <summary>Runs now.</summary>
    Running,

    /// <summary>Was cancelled by a signal while it ran.</summary>
    Aborted,

    /// <summary>Has no action of its own, only dependencies.</summary>
    Collective,
}
