namespace Runback.Runbook.Migrations;

/// <summary>May the database stay as a migration left it, when the code goes back to the release before?</summary>
public enum Verdict
{
    /// <summary>Old code can't notice it.</summary>
    Additive,

    /// <summary>Old code most likely runs; the reasons name what could bite.</summary>
    Caution,

    /// <summary>Something was not understood, and nothing that was is breaking. Treated as breaking.</summary>
    Unknown,

    /// <summary>Old code fails, or works on data that changed under it.</summary>
    Breaking,
}
