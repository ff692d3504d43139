using Runback.Runbook.Processes;

namespace Runback.Lab.Benchmark;

/// <summary>What it costs to start the tool, in seconds of wall time.</summary>
/// <param name="Help"><c>./build.sh --help</c>.</param>
/// <param name="Nothing">A target that does nothing.</param>
public sealed record StartUp(Spread? Help, Spread? Nothing)
{
    private const int Runs = 10;

    /// <summary>Measures it, after one run of each that isn't counted.</summary>
    /// <param name="script">The path of <c>build.sh</c>.</param>
    /// <param name="target">The target that does nothing.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<StartUp> MeasureAsync(string script, string target, CancellationToken cancellation) =>
        new(await SpreadAsync(new Command(script, "--help"), cancellation), await SpreadAsync(new Command(script, target), cancellation));

    private static async Task<Spread?> SpreadAsync(Command command, CancellationToken cancellation)
    {
        var seconds = new List<double>();
        for (var run = 0; run <= Runs; run++)
        {
            var measured = await MeasuredProcess.RunAsync(command, cancellation);
            if (!measured.Result.Succeeded)
                throw new CommandFailedException(command, measured.Result);
            if (run > 0)
                seconds.Add(measured.Result.Duration.TotalSeconds);
        }
        return Spread.Of(seconds);
    }
}
