using System.Diagnostics;
using Runback.Runbook.Processes;

namespace Runback.Lab.Benchmark;

/// <summary>Runs a command and watches its memory from outside.</summary>
internal static class MeasuredProcess
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs it to its end.</summary>
    /// <returns>How it ended, how long it took, and the most memory that it held (VmHWM of proc(5), which never falls; of the process, not of its children).</returns>
    public static async Task<(CommandResult Result, double Seconds, long? PeakBytes)> RunAsync(Command command, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        await using var process = await Shell.StartAsync(command, cancellation);
        process.Input.Close();
        var ending = process.EndAsync(cancellation);
        long? peak = null;
        while (!ending.IsCompleted)
        {
            // The program that build.sh becomes has a memory of its own: what the shell before it held doesn't count.
            peak = PeakOf(process.ProcessId!.Value) ?? peak;
            await Task.WhenAny(ending, Task.Delay(Glance, CancellationToken.None));
        }
        var seconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 3);
        return (await ending, seconds, peak);
    }

    /// <summary>The line <c>VmHWM: N kB</c> of a process status, in bytes; null when there is none.</summary>
    internal static long? Peak(string status) => status.Split('\n')
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length >= 2)
        .Select(words => (long?)long.Parse(words[1]) * 1024)
        .FirstOrDefault();

    private static long? PeakOf(int process)
    {
        try
        {
            return Peak(File.ReadAllText($"/proc/{process}/status"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
