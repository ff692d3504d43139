using Runback.Runbook.Databases;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Backups;

/// <summary>Lets PostgreSQL's own pg_restore read and decompress all of a dump, in a container of the database's image, into nothing.</summary>
internal static class DumpDecoding
{
    /// <summary>Streams a dump through it.</summary>
    /// <param name="send">Writes the dump into the stream that it is given.</param>
    /// <param name="options">The image and the labels.</param>
    /// <param name="shell">Makes the container, and removes it when it is given up.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What sending gave, or null when pg_restore stopped reading; and pg_restore's complaint, or null when it had none.</returns>
    public static async Task<(DumpStream.Result? Sent, PostgresException? Complaint)> RunAsync(
        Func<Stream, Task<DumpStream.Result>> send, ScratchOptions options, Shell shell, CancellationToken cancellation)
    {
        var name = ScratchContainer.NewName();
        await using var container = await ScratchContainer.StartAsync(name, options, ["pg_restore"], ["--file=/dev/null"], cancellation);
        var error = container.Error;
        await using var registration = cancellation.Register(container.Kill);
        DumpStream.Result? sent = null;
        try
        {
            try
            {
                sent = await send(container.Input.BaseStream);
                container.Input.BaseStream.Close();
            }
            catch (IOException)
            {
                // It stopped reading; its exit code and its complaint tell why.
                cancellation.ThrowIfCancellationRequested();
            }
            var exitCode = await container.WaitAsync(cancellation);
            return (sent, exitCode == 0 ? null : PostgresComplaint.Explain("pg_restore to read all of the dump", await error, exitCode));
        }
        finally
        {
            if (container.ExitCode != 0)
                await ScratchContainer.RemoveAsync(name);
        }
    }
}
