using System.Text.Json;
using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;
using Runback.Runbook.Rollbacks;

namespace Runback.Lab.Benchmark;

/// <summary>A way to do the rollback: the command that does it, and how its steps are read from what it printed.</summary>
/// <param name="Command">The command.</param>
/// <param name="Steps">Reads the seconds of each step from its standard output.</param>
/// <param name="Dump">The step that dumps.</param>
/// <param name="Verify">The step that verifies the dump.</param>
public sealed record Contestant(Command Command, Func<string, IReadOnlyDictionary<string, double>> Steps, string Dump, string Verify)
{
    /// <summary>The runbook as it is typed.</summary>
    /// <param name="options">The lab.</param>
    /// <param name="tag">The release to roll back to.</param>
    /// <param name="strategy">How the database is treated.</param>
    public static Contestant ByHand(LabOptions options, string tag, Strategy strategy) => new(
        new Command("bash", Path.Combine(options.Sources, "benchmark", "by-hand.sh"), options.Directory, tag, options.BaseUrl.ToString(), strategy.ToString()),
        Lines, "backup", "verify-backup");

    /// <summary>Runback as a user runs it.</summary>
    /// <param name="rootDirectory">The folder with <c>build.sh</c>.</param>
    /// <param name="deployment">The lab's deployment.</param>
    /// <param name="tag">The release to roll back to.</param>
    /// <param name="strategy">How the database is treated.</param>
    public static Contestant Runback(string rootDirectory, Deployment deployment, string tag, Strategy strategy) => new(
        new Command(Path.Combine(rootDirectory, "build.sh"), "Rollback", "--tag", tag, "--json", "--yes",
            "--directory", deployment.Directory, "--project-name", deployment.ProjectName ?? "",
            "--base-url", deployment.BaseUrl.ToString(), "--image", deployment.Image,
            "--strategy", strategy.ToString(), "--incident", "benchmark", "--approved-by", "the benchmark", "--accept-downtime", "--accept-data-loss"),
        Document, "Backup", "VerifyBackup");

    /// <summary>The lines <c>step NAME SECONDS</c>.</summary>
    internal static IReadOnlyDictionary<string, double> Lines(string output) => output.Split('\n')
        .Select(line => line.Split(' '))
        .Where(words => words is ["step", _, _])
        .ToDictionary(words => words[1], words => double.Parse(words[2]), StringComparer.Ordinal);

    /// <summary>The steps of a <c>result.json</c>; none when it isn't one.</summary>
    internal static IReadOnlyDictionary<string, double> Document(string output)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            return document.RootElement.GetProperty("steps").EnumerateArray()
                .ToDictionary(step => step.GetProperty("name").GetString()!, step => step.GetProperty("seconds").GetDouble(), StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException)
        {
            return new Dictionary<string, double>();
        }
    }
}
