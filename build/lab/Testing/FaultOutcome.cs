using System.Text.Json;
using System.Text.Json.Nodes;

namespace Runback.Lab.Testing;

/// <summary>How a row of the fault matrix went.</summary>
/// <param name="Name">What happened in it, as an operator would say it.</param>
/// <param name="Outcome"><c>passed</c> or <c>failed</c>; one that didn't run has failed.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record FaultOutcome(string Name, string Outcome, double Seconds)
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Whether everything held.</summary>
    public bool Passed => Outcome == "passed";

    /// <summary>Reads the rows from a report in the Common Test Report Format (ctrf.io): <c>results.tests</c>, durations in milliseconds.</summary>
    /// <returns>The rows, or null when there is no report.</returns>
    public static IReadOnlyList<FaultOutcome>? ReadAll(string report) =>
        !File.Exists(report) || JsonNode.Parse(File.ReadAllText(report))?["results"]?["tests"]?.AsArray() is not { } tests ? null
            : [.. tests.Select(test => new FaultOutcome(
                test!["name"]!.ToString(), test["status"]?.ToString() == "passed" ? "passed" : "failed", Math.Round((test["duration"]?.GetValue<double>() ?? 0) / 1000, 1)))];

    /// <summary>The rows as one document, with the seed that repeats the random ones.</summary>
    public static string ToJson(IReadOnlyList<FaultOutcome> rows, int seed) => JsonSerializer.Serialize(
        new { Seed = seed, Passed = rows.Count(row => row.Passed), Failed = rows.Count(row => !row.Passed), Seconds = Math.Round(rows.Sum(row => row.Seconds), 1), Rows = rows.Select(row => new { row.Name, row.Outcome, row.Seconds }) },
        Options);
}
