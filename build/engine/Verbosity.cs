namespace Runback.Engine;

/// <summary>How much the engine prints of its own.</summary>
public enum Verbosity
{
    /// <summary>Also stack traces of failures.</summary>
    Verbose,

    /// <summary>Headings, failures, summary.</summary>
    Normal,

    /// <summary>Failures and summary.</summary>
    Minimal,

    /// <summary>Failures only.</summary>
    Quiet,
}
