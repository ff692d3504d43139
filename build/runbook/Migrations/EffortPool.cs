namespace Runback.Runbook.Migrations;

/// <summary>What reading all files of a folder may cost together. Many workers take from it.</summary>
internal sealed class EffortPool
{
    private long left = 40_000_000;

    /// <summary>The units that are left; below zero when more was spent.</summary>
    internal long Left => Interlocked.Read(ref left);

    /// <summary>Takes what was spent.</summary>
    internal void Take(long units) => Interlocked.Add(ref left, -units);
}
