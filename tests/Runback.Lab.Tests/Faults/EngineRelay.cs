using System.Net.Sockets;

namespace Runback.Lab.Tests.Faults;

/// <summary>A socket between the program and the engine, which can fall silent, be cut, and come back: the engine itself never notices.</summary>
internal sealed class EngineRelay : IAsyncDisposable
{
    private readonly string _engine = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? host["unix://".Length..] : "/var/run/docker.sock";
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-engine-").FullName;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly List<Socket> _open = [];
    private TaskCompletionSource _flowing = Completed();
    private Socket? _listener;

    public EngineRelay() => Resume();

    /// <summary>What DOCKER_HOST must be.</summary>
    public string Address => $"unix://{Path}";

    private string Path => System.IO.Path.Combine(_folder, "docker.sock");

    /// <summary>From here on the engine answers nothing, and takes whatever it is sent.</summary>
    public void Stall()
    {
        lock (_lock)
            _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Every connection breaks, and no new one is taken.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
            File.Delete(Path);
            foreach (var socket in _open)
                socket.Dispose();
            _open.Clear();
        }
        _flowing.TrySetResult();
    }

    /// <summary>The engine is there again.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            _flowing.TrySetResult();
            if (_listener is not null)
                return;
            _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            _listener.Bind(new UnixDomainSocketEndPoint(Path));
            _listener.Listen(100);
            _ = AcceptAsync(_listener);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Cut();
        Directory.Delete(_folder, recursive: true);
        _ending.Dispose();
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
                _ = RelayAsync(await listener.AcceptAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It was cut.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        lock (_lock)
            _open.AddRange([client, engine]);
        try
        {
            await engine.ConnectAsync(new UnixDomainSocketEndPoint(_engine));
            await Task.WhenAll(PumpAsync(client, engine), PumpAsync(engine, client));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side is gone; the other learns it by the sockets' end.
        }
        client.Dispose();
        engine.Dispose();
        lock (_lock)
        {
            _open.Remove(client);
            _open.Remove(engine);
        }
    }

    // One direction's end is handed on by itself: an attached container's input ends before its output.
    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer.AsMemory(), SocketFlags.None) is > 0 and var count)
        {
            await _flowing.Task.WaitAsync(_ending.Token);
            for (var sent = 0; sent < count;)
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), SocketFlags.None);
        }
        to.Shutdown(SocketShutdown.Send);
    }
}
