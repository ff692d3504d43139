namespace Runback.Runbook.Verification.Metrics;

/// <summary>How many of the requests that were answered ended in an error.</summary>
/// <param name="Errors">Requests that ended in one.</param>
/// <param name="All">Requests in all.</param>
public readonly record struct ErrorShare(double Errors, double All)
{
    /// <summary>The share, from 0 to 1; 0 without requests.</summary>
    public double Value => All > 0 ? Errors / All : 0;

    /// <summary>What was counted between two scrapes. A counter that went down was reset by a restart: what it shows has come since.</summary>
    /// <param name="first">The earlier page, or null to count since the process began.</param>
    /// <param name="second">The later page.</param>
    /// <param name="errors">The series that count errors; all series of the same name count requests.</param>
    public static ErrorShare Between(MetricsPage? first, MetricsPage second, SeriesSelector errors)
    {
        var before = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var sample in first?.Samples ?? [])
            before[sample.Series] = sample.Value;
        var share = new ErrorShare();
        foreach (var sample in second.Samples.Where(sample => sample.Name == errors.Name && double.IsFinite(sample.Value)))
        {
            var earlier = before.GetValueOrDefault(sample.Series);
            var increase = sample.Value >= earlier ? sample.Value - earlier : sample.Value;
            share = new ErrorShare(share.Errors + (errors.Matches(sample) ? increase : 0), share.All + increase);
        }
        return share;
    }

    /// <summary>Without requests that are known to be this tool's own.</summary>
    public ErrorShare Without(ErrorShare own) => new(Math.Max(0, Errors - own.Errors), Math.Max(0, All - own.All));

    /// <inheritdoc/>
    public override string ToString() => All > 0 ? $"{Value:P1} ({Errors:0} of {All:0} requests)".Replace(" %", "%", StringComparison.Ordinal) : "no requests";
}
