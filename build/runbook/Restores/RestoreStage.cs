namespace Runback.Runbook.Restores;

/// <summary>What a database that Runback made or replaced is, as its comment says.</summary>
public enum RestoreStage
{
    /// <summary>A dump is being restored into it; it is no use to anybody else.</summary>
    Restoring,

    /// <summary>It was restored and compared, and waits for the swap.</summary>
    Ready,

    /// <summary>It was the application's until a restored one took its place.</summary>
    Before,

    /// <summary>It was restored and took the application's place, and the way back took it away again.</summary>
    Returned,
}
