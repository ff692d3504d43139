using Runback.Runbook.Rollbacks;

namespace Runback.Lab.Benchmark;

/// <summary>What a benchmark measures.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>Pairs at each size.</summary>
    public int Pairs { get; init; } = 5;

    /// <summary>The database's sizes, in megabytes.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [10, 100, 1000];

    /// <summary>The release to roll back to.</summary>
    public string Good { get; init; } = LabOptions.DefaultTag;

    /// <summary>The release to roll back from.</summary>
    public string Bad { get; init; } = "2025-12-20-rc1";

    /// <summary>How the database is treated: the rollback that is measured.</summary>
    public Strategy Strategy { get; init; } = Strategy.AppOnly;

    /// <summary>The target that does nothing, for the start-up.</summary>
    public required string IdleTarget { get; init; }

    /// <summary>How long the freshly deployed stack is left alone before each rollback.</summary>
    public TimeSpan Calm { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the report is written; again after each size, so that an interrupted benchmark leaves what it had.</summary>
    public required string Output { get; init; }
}
