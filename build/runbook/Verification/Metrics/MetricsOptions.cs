namespace Runback.Runbook.Verification.Metrics;

/// <summary>What is expected of the application's metrics.</summary>
/// <param name="Path">Their path.</param>
public sealed record MetricsOptions(string Path)
{
    /// <summary>The bearer token that they ask for, or null.</summary>
    public string? Token { get; init; }

    /// <summary>Series that must be there.</summary>
    public IReadOnlyList<SeriesSelector> Series { get; init; } = [];

    /// <summary>The series that count errors, or null when no rate is judged.</summary>
    public SeriesSelector? Errors { get; init; }

    /// <summary>The share of errors, from 0 to 1, above which a release isn't good, unless it was as high before.</summary>
    public double Limit { get; init; } = 0.05;
}
