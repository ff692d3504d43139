namespace Runback.Lab.Benchmark;

/// <summary>The runbook by hand and by Runback, one right after the other on the same lab.</summary>
/// <param name="ByHand">By hand.</param>
/// <param name="Runback">By Runback.</param>
public sealed record Pair(Measurement ByHand, Measurement Runback)
{
    /// <summary>Whether both came to their end.</summary>
    public bool Succeeded => ByHand.Succeeded && Runback.Succeeded;
}
