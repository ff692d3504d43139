using System.Diagnostics;
using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>Waiting for something that starts.</summary>
internal static class Polling
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks again and again until the answer is yes. A refused connection counts as no.</summary>
    /// <exception cref="RunbookException">It was never yes within the time.</exception>
    public static async Task UntilAsync(
        Func<CancellationToken, Task<bool>> ask, TimeSpan patience, string what, string hint, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var last = "no";
        while (true)
        {
            try
            {
                if (await ask(cancellation))
                    return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
            {
                last = exception.Message;
            }
            if (watch.Elapsed > patience)
                throw new RunbookException($"expected {what} to answer within {patience.TotalSeconds:0} s, found: {last}", hint);
            await Task.Delay(Pause, cancellation);
        }
    }
}
