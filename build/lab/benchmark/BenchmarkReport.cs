using System.Text.Json;

namespace Runback.Lab.Benchmark;

/// <summary>All that a benchmark measured.</summary>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="Processors">The machine's processors.</param>
/// <param name="Load">The machine's load (proc(5), loadavg, first value) before it began; null where that can't be read. Above 1 the numbers are noisy.</param>
/// <param name="StartUp">The tool's start-up.</param>
/// <param name="Sizes">The pairs, by size.</param>
public sealed record BenchmarkReport(DateTimeOffset StartedAt, int Processors, double? Load, StartUp StartUp, IReadOnlyList<SizeResult> Sizes)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The aims, each with what was measured.</summary>
    public IReadOnlyList<Aim> Aims => Aim.Judge(Sizes, StartUp);

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);
}
