using System.Text.Json;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Drills;

/// <summary>What a drill leaves in its run's folder: <c>drill.json</c>, what it measured, and <c>traffic.jsonl</c>, each request. The run's report is drawn from them.</summary>
internal static class DrillFiles
{
    /// <summary>Writes them, before the run ends.</summary>
    /// <param name="report">What was measured.</param>
    /// <param name="samples">How each request went.</param>
    /// <param name="startedAt">When the traffic began, UTC.</param>
    /// <param name="run">The run.</param>
    public static void Write(DrillReport report, IReadOnlyList<TrafficSample> samples, DateTimeOffset startedAt, Run run)
    {
        if (run.Folder is not { } folder)
            return;
        PrivateFiles.Replace(Path.Combine(folder, "drill.json"), run.Secrets.Mask(report.ToJson()) + "\n");
        PrivateFiles.Replace(Path.Combine(folder, "traffic.jsonl"), string.Concat(samples.Select(sample => Line(sample, startedAt))));
    }

    private static string Line(TrafficSample sample, DateTimeOffset startedAt) => JsonSerializer.Serialize(new
    {
        at = startedAt + sample.Begun,
        ms = Math.Round(sample.Duration.TotalMilliseconds, 1),
        status = sample.Status,
        key = sample.Key,
    }) + "\n";
}
