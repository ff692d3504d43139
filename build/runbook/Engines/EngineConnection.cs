using System.Net.Sockets;
using System.Text.Json.Nodes;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Engines;

/// <summary>
/// How the Docker engine that the <c>docker</c> command talks to is reached: its unix socket directly, or any other context (ssh, tcp, TLS)
/// through <c>docker system dial-stdio</c>, which carries the Engine API over standard input and output.
/// </summary>
public static class EngineConnection
{
    private const string DefaultSocket = "/var/run/docker.sock";

    /// <summary>Opens a stream to the engine.</summary>
    /// <exception cref="RunbookException">The engine can't be reached, with the reason and a hint.</exception>
    public static async ValueTask<Stream> OpenAsync(CancellationToken cancellation)
    {
        var socket = SocketPath();
        if (socket is null)
            return await DialAsync(cancellation);
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
            var stream = new NetworkStream(connection, ownsSocket: true);
            return new EngineStream(stream, stream, () => connection.Shutdown(SocketShutdown.Send), stream.DisposeAsync);
        }
        catch (SocketException exception)
        {
            connection.Dispose();
            throw Unreachable(socket, exception);
        }
    }

    /// <summary>Opens a stream as for any context that isn't a socket of this host.</summary>
    internal static async ValueTask<Stream> DialAsync(CancellationToken cancellation)
    {
        var dial = await Shell.StartAsync(new Command("docker", "system", "dial-stdio") { MayWait = true }, cancellation);
        var complaint = dial.Error;
        return new EngineStream(dial.Output, dial.Input.BaseStream, dial.Input.Close, dial.DisposeAsync, async () =>
        {
            // What is wrong with the context, ssh or its certificates only the docker command knows.
            if (await dial.WaitAsync(CancellationToken.None) != 0)
            {
                throw RunbookException.Refused(
                    $"expected `{dial.Command}` to reach the engine, found: {Narration.Printable((await complaint).Trim())}",
                    "try `docker version`: DOCKER_HOST, DOCKER_CONTEXT and the context's ssh keys or certificates must work without a question");
            }
        });
    }

    private static RunbookException Unreachable(string socket, SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.AccessDenied => RunbookException.Refused(
            $"expected to be able to use the Docker engine at {socket}, found: permission denied",
            "run as a member of the docker group, or with sudo"),
        _ => RunbookException.Refused(
            $"expected a Docker engine at {socket}, found none ({exception.Message})",
            "start it (systemctl start docker), or set DOCKER_HOST to the engine that runs the deployment"),
    };

    /// <summary>The engine's socket on this host, or null when another context is in use.</summary>
    private static string? SocketPath()
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST");
        if (!string.IsNullOrEmpty(host))
            return host.StartsWith("unix://", StringComparison.Ordinal) ? host["unix://".Length..] : null;
        if (OperatingSystem.IsWindows() || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DOCKER_CONTEXT")))
            return null;
        return CurrentContext() is null or "default" ? DefaultSocket : null;
    }

    private static string? CurrentContext()
    {
        var folder = Environment.GetEnvironmentVariable("DOCKER_CONFIG")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
        var file = Path.Combine(folder, "config.json");
        try
        {
            return File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))?["currentContext"]?.GetValue<string>() : null;
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException or UnauthorizedAccessException)
        {
            // The docker command reads the same file and will say what is wrong with it.
            return null;
        }
    }
}
