namespace Runback.Runbook.Rollbacks;

/// <summary>How a rollback treats the database.</summary>
public enum Strategy
{
    /// <summary>Decided from the migrations between the two releases. It never picks a destructive strategy by itself.</summary>
    Auto,

    /// <summary>The application goes back; the database stays as it is.</summary>
    AppOnly,

    /// <summary>Nothing is exchanged: a migration that mends the schema is written, tried on a copy, and handed out.</summary>
    ForwardFix,

    /// <summary>Emergency: the migrations are undone in place, then the application goes back. Writers are stopped meanwhile.</summary>
    Downgrade,

    /// <summary>Catastrophe: a backup takes the database's place, then the application goes back. The old database is kept under another name.</summary>
    Restore,
}

/// <summary>What happens when a rollback fails after something changed.</summary>
public enum FailureAction
{
    /// <summary>Goes back to the release that ran before, when that was healthier.</summary>
    Return,

    /// <summary>Leaves things as they are, for a person to look.</summary>
    Stop,
}
