using System.Globalization;

namespace Runback.Runbook.Verification.Metrics;

/// <summary>How many of the requests that were answered ended in an error.</summary>
/// <param name="Errors">Requests that ended in one.</param>
/// <param name="All">Requests in all.</param>
public readonly record struct ErrorShare(double Errors, double All)
{
    /// <summary>The share, from 0 to 1; 0 without requests.</summary>
    public double Value => All > 0 ? Errors / All : 0;

    /// <summary>What was counted between two pages. A counter that went down was reset by a restart: what it shows has come since.</summary>
    /// <param name="first">The earlier page, or null to count since the process began.</param>
    /// <param name="second">The later page.</param>
    /// <param name="errors">The series that count errors; all series of the same name count requests.</param>
    /// <param name="own">What this tool itself asked meanwhile, which doesn't count.</param>
    public static ErrorShare Between(MetricsPage? first, MetricsPage second, SeriesSelector errors, OwnRequests? own = null)
    {
        var before = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var sample in first?.Samples ?? [])
            before[sample.Series] = sample.Value;
        List<Increase> increases = [];
        foreach (var sample in second.Samples.Where(sample => sample.Name == errors.Name && double.IsFinite(sample.Value)))
        {
            var earlier = before.GetValueOrDefault(sample.Series);
            increases.Add(new Increase(sample, errors.Matches(sample), sample.Value >= earlier ? sample.Value - earlier : sample.Value));
        }
        if (own is not null)
            TakeOut(increases, own);
        return new ErrorShare(increases.Where(one => one.IsError).Sum(one => one.Count), increases.Sum(one => one.Count));
    }

    /// <summary>
    /// Takes this tool's own requests out of the series that can have counted them: those of its path, where a label tells the path (an application may count its health path
    /// nowhere), and of its status, where one tells that. What had no answer yet may be in any of them.
    /// </summary>
    private static void TakeOut(List<Increase> increases, OwnRequests own)
    {
        var tellsPath = increases.Exists(one => one.Sample.Labels.Values.Any(value => value.StartsWith('/')));
        foreach (var ((path, status), count) in own.Answers)
        {
            var left = (double)count;
            var candidates = increases.Where(one => one.Sample.Labels.Values.All(value => !value.StartsWith('/')) ? !tellsPath : one.Sample.Labels.Values.Any(value => IsPath(value, path)));
            // What counts no status may have counted it as well as what counts its own.
            foreach (var one in candidates.Where(one => CountsStatus(one.Sample, status)).OrderByDescending(one => one.IsError == status >= 500).ToList())
            {
                var taken = Math.Min(left, one.Count);
                one.Count -= taken;
                left -= taken;
            }
        }
        var waiting = (double)own.Waiting;
        foreach (var one in increases.OrderByDescending(one => one.IsError))
        {
            var taken = Math.Min(waiting, one.Count);
            one.Count -= taken;
            waiting -= taken;
        }
    }

    // `/bookings/{id}`, `/bookings/<int:id>`, `/bookings/:id`: a framework's pattern for the path.
    private static bool IsPath(string label, string path)
    {
        var (pattern, parts) = (label.Split('/'), path.Split('/'));
        return pattern.Length == parts.Length && pattern.Zip(parts).All(pair => pair.First == pair.Second || pair.First.StartsWith('{') || pair.First.StartsWith('<') || pair.First.StartsWith(':'));
    }

    // "200", "2xx", "2": a label that tells the status; where none does, every status is counted there.
    private static bool CountsStatus(MetricSample sample, int status)
    {
        var told = sample.Labels.Where(label => label.Key.Contains("status", StringComparison.OrdinalIgnoreCase) || label.Key.Contains("code", StringComparison.OrdinalIgnoreCase)).Select(label => label.Value).ToList();
        return told.Count == 0 || told.Exists(value => value == status.ToString(CultureInfo.InvariantCulture) || (value.Length is 1 or 3 && value[0] == (char)('0' + status / 100) && value.Skip(1).All(c => c is 'x' or 'X')));
    }

    /// <inheritdoc/>
    public override string ToString() => All > 0 ? $"{Value:P1} ({Errors:0} of {All:0} requests)".Replace(" %", "%", StringComparison.Ordinal) : "no requests";

    private sealed class Increase(MetricSample sample, bool isError, double count)
    {
        public MetricSample Sample => sample;

        public bool IsError => isError;

        public double Count { get; set; } = count;
    }
}
