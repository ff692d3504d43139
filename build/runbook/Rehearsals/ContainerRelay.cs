using System.Text;
using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Rehearsals;

/// <summary>
/// A way to a TCP port on an internal network, from wherever this program runs: a program in a container on that network carries the bytes over
/// standard input and output. So nothing is published, and any Docker context will do.
/// </summary>
/// <param name="container">A container on that network that has bash or nc, as a database's has.</param>
/// <param name="host">The host to reach, by its name there.</param>
/// <param name="port">Its port.</param>
internal sealed class ContainerRelay(string container, string host, int port)
{
    private const string Connected = "runback: connected";

    // Constant; host and port are arguments. bash opens the connection itself; where there is none, busybox has nc.
    private const string Script =
        """
        if command -v bash >/dev/null 2>&1; then exec bash -c "$3" relay "$1" "$2"; fi
        echo 'runback: connected'
        exec nc "$1" "$2"
        """;

    // It waits for those that it ends: orphans would become children of the container's first process, and where that is PostgreSQL's own, it takes a
    // child that was ended by a signal for a crashed backend, and restarts (PostgreSQL 17, postmaster.c, HandleChildCrash).
    private const string InBash =
        """
        exec 3<>"/dev/tcp/$1/$2" || exit 1
        echo 'runback: connected'
        cat <&0 >&3 &
        cat <&3 &
        wait -n
        kill %1 %2 2>/dev/null
        wait
        """;

    /// <summary>Opens a connection.</summary>
    /// <exception cref="IOException">Nothing listens there.</exception>
    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellation)
    {
        var relay = Shell.Start(new Command(
            "docker", "exec", "--interactive", container, "sh", "-c", Script, "relay", host, port.ToString(), InBash));
        var error = relay.Error;
        try
        {
            await using var registration = cancellation.Register(relay.Kill);
            if (await LineAsync(relay.Output, cancellation) == Connected)
                return new CommandStream(relay);
            var said = (await error).Trim().Split('\n')[0];
            throw new IOException($"nothing listens on {host}:{port}{(said.Contains("refused", StringComparison.OrdinalIgnoreCase) ? "" : $" ({said})")}");
        }
        catch
        {
            await relay.DisposeAsync();
            cancellation.ThrowIfCancellationRequested();
            throw;
        }
    }

    private static async Task<string> LineAsync(Stream stream, CancellationToken cancellation)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancellation) > 0 && one[0] != '\n')
            line.Append((char)one[0]);
        return line.ToString();
    }
}
