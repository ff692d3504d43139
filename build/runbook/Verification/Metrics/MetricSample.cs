namespace Runback.Runbook.Verification.Metrics;

/// <summary>One line of a metrics page: a series and its value.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Labels">The series' labels; none has an empty value, which means the same as no label.</param>
/// <param name="Value">The value; not-a-number and the infinities are values too.</param>
public sealed record MetricSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>The series' identity: its name and labels in one order.</summary>
    public string Series { get; } = $"{Name}\n{string.Join('\n', Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))}";
}
