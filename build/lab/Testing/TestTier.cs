namespace Runback.Lab.Testing;

/// <summary>How much is tried. Each holds those before it.</summary>
public enum TestTier
{
    /// <summary>What needs no engine.</summary>
    Quick,

    /// <summary>Also what guards, on the real stack.</summary>
    Default,

    /// <summary>Everything.</summary>
    Thorough,
}
