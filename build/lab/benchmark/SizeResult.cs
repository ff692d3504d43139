namespace Runback.Lab.Benchmark;

/// <summary>The pairs measured at one size of the database. Only pairs in which both succeeded are counted.</summary>
/// <param name="Megabytes">The size that was asked for.</param>
/// <param name="Pairs">All pairs, in the order in which they ran.</param>
public sealed record SizeResult(int Megabytes, IReadOnlyList<Pair> Pairs)
{
    /// <summary>By hand.</summary>
    public Summary ByHand => Summary.Of(Counted.Select(pair => pair.ByHand), "backup", "verify-backup");

    /// <summary>By Runback.</summary>
    public Summary Runback => Summary.Of(Counted.Select(pair => pair.Runback), "Backup", "VerifyBackup");

    /// <summary>Pairs that failed.</summary>
    public int Failed => Pairs.Count - Counted.Count;

    /// <summary>The median over the pairs of Runback's time by that of by hand; null without pairs.</summary>
    public double? TimeRatio => Spread.Of(Counted.Select(pair => pair.Runback.Seconds / pair.ByHand.Seconds))?.Median;

    /// <summary>The median over the pairs of Runback's dump rate by the script's.</summary>
    public double? DumpRatio => Spread.Of(Ratios(pair => pair.Runback.Rate("Backup") / pair.ByHand.Rate("backup")))?.Median;

    /// <summary>The median over the pairs of the rates at which the dump is verified.</summary>
    public double? VerifyRatio => Spread.Of(Ratios(pair => pair.Runback.Rate("VerifyBackup") / pair.ByHand.Rate("verify-backup")))?.Median;

    private List<Pair> Counted => [.. Pairs.Where(pair => pair.Succeeded)];

    private IEnumerable<double> Ratios(Func<Pair, double?> ratio) => Counted.Select(ratio).OfType<double>();
}

/// <summary>One way's measurements at one size.</summary>
/// <param name="Seconds">The whole rollback.</param>
/// <param name="Outage">The outage, in seconds.</param>
/// <param name="FailedProbes">Probes that nobody served.</param>
/// <param name="DumpRate">Megabytes of database dumped in a second.</param>
/// <param name="VerifyRate">Megabytes of database verified in a second; by hand that is a checksum, by Runback also a full decode.</param>
/// <param name="Peak">The most memory that the process held, in bytes.</param>
public sealed record Summary(Spread? Seconds, Spread? Outage, Spread? FailedProbes, Spread? DumpRate, Spread? VerifyRate, Spread? Peak)
{
    /// <summary>Sums up.</summary>
    public static Summary Of(IEnumerable<Measurement> measurements, string dump, string verify)
    {
        var all = measurements.ToList();
        return new Summary(
            Spread.Of(all.Select(one => one.Seconds)),
            Spread.Of(all.Select(one => one.OutageSeconds)),
            Spread.Of(all.Select(one => (double)one.FailedProbes)),
            Spread.Of(all.Select(one => one.Rate(dump)).OfType<double>()),
            Spread.Of(all.Select(one => one.Rate(verify)).OfType<double>()),
            Spread.Of(all.Select(one => (double?)one.PeakBytes).OfType<double>()));
    }
}
