namespace Runback.Lab.Benchmark;

/// <summary>Several measurements of one thing.</summary>
/// <param name="Median">The middle one, or the mean of the two in the middle.</param>
/// <param name="Lowest">The smallest.</param>
/// <param name="Highest">The largest.</param>
public sealed record Spread(double Median, double Lowest, double Highest)
{
    /// <summary>The spread of some values; null when there are none.</summary>
    public static Spread? Of(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered.Count == 0 ? null : new Spread(Math.Round((ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2, 4), ordered[0], ordered[^1]);
    }
}
