using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>
/// A throw-away PostgreSQL in a container of the database's own image: no network (or an internal one), no volume, tuned for speed, open to
/// whoever reaches its socket. It lives as long as its standard input is held: when this program ends, however it ends, the server ends
/// and the engine removes its container. It doesn't use the image's entrypoint, so it is the same for every image with PostgreSQL's programs.
/// </summary>
public sealed class ScratchServer : IAsyncDisposable
{
    /// <summary>The label that every scratch container has; its value is the run.</summary>
    public const string Label = Labels.Scratch;

    /// <summary>The label that tells the deployment a scratch container works for.</summary>
    public const string DeploymentLabel = Labels.Deployment;

    /// <summary>A folder inside the container that the server and its programs may write.</summary>
    public const string Folder = "/tmp/runback";

    private const string Superuser = "postgres";
    private const string Ready = "runback: ready";

    // Constant; $@ are the server's settings. Debian keeps the programs away from PATH, one folder for each version.
    private const string Script =
        $$"""
        set -eu
        for bin in /usr/local/pgsql/bin /usr/lib/postgresql/*/bin "/usr/lib/postgresql/${PG_MAJOR:-none}/bin"; do
          if [ -x "$bin/initdb" ]; then PATH="$bin:$PATH"; fi
        done
        umask 077
        mkdir {{Folder}}
        initdb --no-sync --auth=trust --username={{Superuser}} --encoding=UTF8 --pgdata={{Folder}}/data >{{Folder}}/log 2>&1 || { cat {{Folder}}/log >&2; exit 1; }
        echo 'host all all all trust' >>{{Folder}}/data/pg_hba.conf
        postgres -D {{Folder}}/data "$@" >{{Folder}}/log 2>&1 &
        server=$!
        until pg_isready --quiet --host={{Folder}}; do
          kill -0 "$server" 2>/dev/null || { cat {{Folder}}/log >&2; exit 1; }
          sleep 0.05
        done
        echo '{{Ready}}'
        cat >/dev/null
        kill -QUIT "$server"
        wait
        """;

    // Nothing in it outlives the run, so nothing is made safe against a crash; minimal WAL lets a load skip it.
    private static readonly string[] Settings =
    [
        "unix_socket_directories=" + Folder, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal",
        "max_wal_senders=0", "max_wal_size=8GB", "checkpoint_timeout=1h", "autovacuum=off", "shared_buffers=256MB", "maintenance_work_mem=256MB",
        "jit=off", "log_min_messages=fatal", "log_min_error_statement=panic",
    ];

    private readonly RunningCommand _container;
    private readonly Shell _shell;
    private readonly string _name;

    private ScratchServer(RunningCommand container, string name, Shell shell)
    {
        (_container, _name, _shell) = (container, name, shell);
        Server = new PostgresServer(new PostgresServerAddress(name, Superuser, "template1") { SocketDirectory = Folder }, shell);
    }

    /// <summary>The server, as its superuser, on <c>template1</c>; <see cref="PostgresServer.On"/> leads to a database.</summary>
    public PostgresServer Server { get; }

    /// <summary>Starts one and waits until it answers.</summary>
    /// <exception cref="RunbookException">It doesn't start; nothing of it is left.</exception>
    public static async Task<ScratchServer> StartAsync(ScratchOptions options, Shell shell, CancellationToken cancellation)
    {
        var name = ScratchContainer.NewName();
        List<string> settings = [.. Settings, "listen_addresses=" + (options.Network is null ? "" : "*")];
        var container = await ScratchContainer.StartAsync(
            name, options, ["sh"], ["-c", Script, "scratch", .. settings.SelectMany(setting => new[] { "-c", setting })], cancellation);
        var scratch = new ScratchServer(container, name, shell);
        try
        {
            await scratch.WaitAsync(options, cancellation);
            return scratch;
        }
        catch
        {
            await scratch.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a file into the container; gives its path there.</summary>
    /// <param name="send">Writes the content into the stream that it is given.</param>
    /// <param name="file">The file's bare name.</param>
    /// <param name="cancellation">Ends the writing.</param>
    public async Task<(string Path, T Result)> CopyInAsync<T>(Func<Stream, Task<T>> send, string file, CancellationToken cancellation)
    {
        var path = $"{Folder}/{file}";
        await using var writer = await Shell.StartAsync(EngineWay.Exec(EngineApi.Shared, _name, [], [], ["dd", "of=" + path, "bs=1M", "status=none"]), cancellation);
        var error = writer.Error;
        await using var registration = cancellation.Register(writer.Kill);
        T result;
        try
        {
            result = await send(writer.Input.BaseStream);
            writer.Input.BaseStream.Close();
        }
        catch (IOException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw PostgresComplaint.Explain($"to copy {file} into a scratch container", await error, null);
        }
        var exitCode = await writer.WaitAsync(cancellation);
        return exitCode == 0 ? (path, result) : throw PostgresComplaint.Explain($"to copy {file} into a scratch container", await error, exitCode);
    }

    /// <summary>Free bytes where the server keeps its data.</summary>
    public async Task<long> FreeBytesAsync(CancellationToken cancellation)
    {
        var volume = await ContainerVolume.OfAsync(_shell, _name, Folder, cancellation);
        return volume?.Free ?? throw new RunbookException($"expected `df -P -k {Folder}` in {_name} to tell the free room, found no answer", "does the image bring a POSIX df?");
    }

    /// <summary>Ends the server and removes its container.</summary>
    public async ValueTask DisposeAsync()
    {
        await ScratchContainer.RemoveAsync(_name);
        await _container.DisposeAsync();
    }

    private async Task WaitAsync(ScratchOptions options, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(options.Patience);
        try
        {
            while (await _container.OutputText.ReadLineAsync(deadline.Token) is { } line)
            {
                if (line == Ready)
                    return;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new RunbookException(
                $"expected a scratch server of {options.Image} within {options.Patience.TotalSeconds:0} s, found none",
                "look at the host's load and at its disk", Outcome.Refused);
        }
        throw PostgresComplaint.Explain($"a scratch server of {options.Image}", await _container.Error, _container.ExitCode);
    }
}
