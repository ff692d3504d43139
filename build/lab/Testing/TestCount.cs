using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Runback.Runbook.Runs;

namespace Runback.Lab.Testing;

/// <summary>How many tests of a project passed and failed.</summary>
/// <param name="Project">The project.</param>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed, skipped ones included: a test that didn't run proves nothing.</param>
public sealed record TestCount(string Project, int Passed, int Failed)
{
    private const int Lines = 60;

    /// <summary>Each test that failed, with what it found, and the command that repeats it.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>The seconds that each test took, by its name.</summary>
    public IReadOnlyDictionary<string, double> Seconds { get; init; } = new Dictionary<string, double>();

    /// <summary>Reads a report in the Common Test Report Format (ctrf.io): <c>results.summary</c> holds tests, passed, failed, skipped; durations are in milliseconds.</summary>
    /// <param name="project">The project.</param>
    /// <param name="report">The report's file.</param>
    /// <param name="exitCode">How the test program ended.</param>
    /// <exception cref="RunbookException">There is no report.</exception>
    public static TestCount Read(string project, string report, int exitCode)
    {
        if (!File.Exists(report) || JsonNode.Parse(File.ReadAllText(report))?["results"] is not { } results || results["summary"] is not { } summary)
            throw new RunbookException($"expected {project} to write its results, found none; it ended with {exitCode}", "its output is above");
        var (count, passed) = (summary["tests"]!.GetValue<int>(), summary["passed"]!.GetValue<int>());
        var tests = results["tests"]!.AsArray().Select(test => (Name: test!["name"]!.ToString(), Passed: test["status"]?.ToString() == "passed", Message: test["message"]?.ToString() ?? "", Seconds: (test["duration"]?.GetValue<double>() ?? 0) / 1000)).ToList();
        var failed = count - passed;
        return new TestCount(project, passed, failed == 0 && exitCode != 0 ? 1 : failed)
        {
            Failures = [.. tests.Where(test => !test.Passed).Select(test => Failure(test.Name, test.Message))],
            Seconds = tests.GroupBy(test => test.Name).ToDictionary(same => same.Key, same => same.Max(test => test.Seconds)),
        };
    }

    private static string Failure(string name, string message) => string.Join(
        "\n    ", [name, .. message.Split('\n').Take(Lines).Select(line => line.TrimEnd()), $"repeat it: ./build.sh Test --thorough{SeedOf(name)} --filter {Runbook.Processes.Command.Quote(name)}"]);

    // A random row's name holds the seed that it was drawn from.
    private static string SeedOf(string name) => Regex.Match(name, @"^random \d+ of seed (\d+):") is { Success: true } match ? $" --seed {match.Groups[1]}" : "";
}
