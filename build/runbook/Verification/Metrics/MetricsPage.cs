namespace Runback.Runbook.Verification.Metrics;

/// <summary>What an application says of itself in Prometheus' text format.</summary>
/// <param name="Samples">The series with their values, in the page's order.</param>
/// <param name="Types">The types that the page declares, by metric: counter, gauge, histogram, summary, …</param>
public sealed record MetricsPage(IReadOnlyList<MetricSample> Samples, IReadOnlyDictionary<string, string> Types)
{
    /// <summary>Reads a page.</summary>
    /// <exception cref="FormatException">It isn't in Prometheus' text format; the message names the line.</exception>
    public static MetricsPage Parse(string text)
    {
        List<MetricSample> samples = [];
        Dictionary<string, string> types = new(StringComparer.Ordinal);
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim(' ', '\t', '\r');
            if (line.Length == 0)
                continue;
            try
            {
                if (line[0] != '#')
                    samples.Add(new MetricLine(line).Read());
                else if (TypeOf(line) is var (name, type))
                    types[name] = type;
            }
            catch (FormatException wrong)
            {
                throw new FormatException($"line {number}: {wrong.Message}", wrong);
            }
        }
        return samples.Count > 0 ? new MetricsPage(samples, types) : throw new FormatException("there is no series in it");
    }

    /// <summary>Whether this is a later page of the process that gave an earlier one: the same start, as the client libraries tell it, and no counter that went back.</summary>
    /// <param name="earlier">The earlier page.</param>
    /// <param name="counter">The counter that is compared.</param>
    internal bool Continues(MetricsPage earlier, string counter)
    {
        if (Start(this) is { } start && Start(earlier) is { } before && Math.Abs(start - before) > 0.5)
            return false;
        var values = Samples.Where(sample => sample.Name == counter).GroupBy(sample => sample.Series, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal);
        return earlier.Samples.Where(sample => sample.Name == counter && double.IsFinite(sample.Value)).All(sample => values.TryGetValue(sample.Series, out var now) && !(now < sample.Value));

        static double? Start(MetricsPage page) => page.Samples.Where(sample => sample.Name == "process_start_time_seconds" && double.IsFinite(sample.Value)).Select(sample => (double?)sample.Value).FirstOrDefault();
    }

    // "# TYPE name counter"; any other comment, HELP and OpenMetrics' UNIT and EOF among them, says nothing about values.
    private static (string Name, string Type)? TypeOf(string line)
    {
        var words = line[1..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words[0] != "TYPE")
            return null;
        return words.Length == 3 ? (words[1].Trim('"'), words[2]) : throw new FormatException("a TYPE line needs a metric and its type");
    }
}
