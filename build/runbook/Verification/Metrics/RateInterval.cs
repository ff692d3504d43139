namespace Runback.Runbook.Verification.Metrics;

/// <summary>
/// Where the share of errors lies that a release has, as far as some requests tell: the score interval of 95%. Source: E. B. Wilson, "Probable inference, the law of succession,
/// and statistical inference" (1927).
/// </summary>
/// <param name="Low">No lower than that.</param>
/// <param name="High">No higher than that.</param>
internal readonly record struct RateInterval(double Low, double High)
{
    private const double Normal = 1.959964;

    /// <summary>The interval for what was counted; from 0 to 1 without requests.</summary>
    public static RateInterval Of(ErrorShare share)
    {
        if (share.All <= 0)
            return new RateInterval(0, 1);
        var (rate, all) = (Math.Clamp(share.Value, 0, 1), share.All);
        const double Square = Normal * Normal;
        var middle = (rate + Square / (2 * all)) / (1 + Square / all);
        var half = Normal / (1 + Square / all) * Math.Sqrt(rate * (1 - rate) / all + Square / (4 * all * all));
        return new RateInterval(Math.Max(0, middle - half), Math.Min(1, middle + half));
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Low * 100:0.0}% to {High * 100:0.0}%");
}
