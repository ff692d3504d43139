using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Databases;

/// <summary>
/// The way from this program to a server inside a container: a socket in a folder that only this user can enter, and one program in the container that carries
/// every connection made to it over its standard input and output. So no port is published, the server sees local sessions as its own psql would open
/// them, and any Docker context will do. All sessions end with this program.
/// </summary>
internal sealed class PostgresRelay : IDisposable
{
    private const string Ready = "runback: relay";
    private const string Nothing = "runback: none";
    private const int Header = 9;

    // How much of one connection the relay sends ahead of what was taken from here, 1 MiB, so that a session that doesn't read keeps neither memory nor the
    // others; it is told how much was taken after each quarter of it.
    private const int Told = 1048576 / 4;

    // A frame: its kind, the connection's number, the length of what follows; both as big-endian 32 bits.
    private const byte Open = (byte)'O';
    private const byte Data = (byte)'D';
    private const byte Close = (byte)'C';
    private const byte Window = (byte)'W';
    private const byte Ended = (byte)'E';
    private const byte Failed = (byte)'F';

    // Constant; the socket's folder, or nothing, is an argument. It becomes the relay and starts nothing: a process whose parent is gone becomes a child of
    // the container's first one, and where that is PostgreSQL's own, it takes a child that was ended by a signal for a crashed backend, and restarts
    // (PostgreSQL 17, postmaster.c, HandleChildCrash). Where libpq looks: PostgreSQL manual, 32.1.2, "host"; the folder of Debian's and of the official images.
    private const string Script =
        """
        port=${PGPORT:-5432}
        host=${1:-${PGHOST:-}}
        if command -v perl >/dev/null 2>&1; then exec perl -e "$2" -- "$host" "$port"; fi
        if command -v python3 >/dev/null 2>&1; then exec python3 -c "$3" "$host" "$port"; fi
        echo 'runback: none'
        echo "$port"
        """;

    private const string Perl =
        """
        use strict; use warnings; use Errno; use IO::Handle;
        my ($host, $port) = @ARGV; my (%s, %up, %closing, %window); my $in = '';
        sub frame {
          my $x = pack('aNN', $_[0], $_[1], length $_[2]) . $_[2];
          while (length $x) { my $n = syswrite(STDOUT, $x); exit 0 unless defined $n; substr($x, 0, $n) = ''; }
        }
        my $target;
        sub dial {
          ($target) = $host =~ m{^/} ? ("$host/.s.PGSQL.$port") : $host ne '' ? ($host)
            : (grep({ -S $_ } map { "$_/.s.PGSQL.$port" } '/var/run/postgresql', '/run/postgresql', '/tmp'), '127.0.0.1');
          if ($target =~ m{^/}) { require IO::Socket::UNIX; return IO::Socket::UNIX->new(Peer => $target); }
          require IO::Socket::IP; return IO::Socket::IP->new(PeerHost => $target, PeerPort => $port);
        }
        binmode STDIN; binmode STDOUT; syswrite(STDOUT, "runback: relay\n");
        while (1) {
          my ($r, $w) = ('', ''); vec($r, fileno(STDIN), 1) = 1;
          for (keys %s) { vec($r, fileno($s{$_}), 1) = 1 if $window{$_} > 0; vec($w, fileno($s{$_}), 1) = 1 if length $up{$_} || $closing{$_}; }
          next if select($r, $w, undef, undef) < 0;
          if (vec($r, fileno(STDIN), 1)) {
            my $n = sysread(STDIN, $in, 65536, length $in); exit 0 if defined $n ? !$n : !$!{EINTR};
            while (length $in >= 9) {
              my ($t, $id, $l) = unpack('aNN', $in); last if length $in < 9 + $l;
              my $d = substr($in, 9, $l); substr($in, 0, 9 + $l) = '';
              if ($t eq 'O') { my $c = dial(); if ($c) { $c->blocking(0); binmode $c; $s{$id} = $c; $up{$id} = ''; $window{$id} = 1048576; } else { frame('F', $id, "$target: $!"); } }
              elsif ($s{$id} && $t eq 'D') { $up{$id} .= $d; }
              elsif ($s{$id} && $t eq 'W') { $window{$id} += unpack('N', $d); }
              elsif ($s{$id} && $t eq 'C') { $closing{$id} = 1; }
            }
          }
          for my $id (keys %s) {
            my $c = $s{$id}; my $over = 0;
            if (vec($r, fileno($c), 1)) { my $n = sysread($c, my $d, 65536); if ($n) { frame('D', $id, $d); $window{$id} -= $n; } elsif (defined $n || !$!{EAGAIN}) { $over = 1; } }
            if (!$over && length $up{$id} && vec($w, fileno($c), 1)) { my $n = syswrite($c, $up{$id}); if (defined $n) { substr($up{$id}, 0, $n) = ''; } elsif (!$!{EAGAIN}) { $over = 1; } }
            if ($over || ($closing{$id} && !length $up{$id})) { close $c; delete $_->{$id} for (\%s, \%up, \%closing, \%window); frame('E', $id, ''); }
          }
        }
        """;

    private const string Python =
        """
        import os, select, socket, stat, struct, sys
        host, port = sys.argv[1:3]
        s, up, window, closing, inp = {}, {}, {}, set(), b''
        def frame(kind, number, data=b''):
            data = kind + struct.pack('>II', number, len(data)) + data
            while data:
                data = data[os.write(1, data):]
        def there(path):
            return os.path.exists(path) and stat.S_ISSOCK(os.stat(path).st_mode)
        def target():
            if host:
                return f'{host}/.s.PGSQL.{port}' if host.startswith('/') else host
            sockets = [f'{folder}/.s.PGSQL.{port}' for folder in ('/var/run/postgresql', '/run/postgresql', '/tmp')]
            return next(filter(there, sockets), '127.0.0.1')
        def dial(to):
            if to.startswith('/'):
                c = socket.socket(socket.AF_UNIX)
                c.connect(to)
                return c
            return socket.create_connection((to, int(port)))
        os.write(1, b'runback: relay\n')
        while True:
            r, w, _ = select.select([0, *(c for n, c in s.items() if window[n] > 0)], [c for n, c in s.items() if up[n] or n in closing], [])
            if 0 in r:
                piece = os.read(0, 65536)
                if not piece:
                    sys.exit()
                inp += piece
                while len(inp) >= 9:
                    kind, (number, length) = inp[:1], struct.unpack('>II', inp[1:9])
                    if len(inp) < 9 + length:
                        break
                    data, inp = inp[9:9 + length], inp[9 + length:]
                    if kind == b'O':
                        to = target()
                        try:
                            c = dial(to)
                            c.setblocking(False)
                            s[number], up[number], window[number] = c, b'', 1048576
                        except OSError as error:
                            frame(b'F', number, f'{to}: {error.strerror or error}'.encode())
                    elif number in s and kind == b'D':
                        up[number] += data
                    elif number in s and kind == b'W':
                        window[number] += struct.unpack('>I', data)[0]
                    elif number in s and kind == b'C':
                        closing.add(number)
            for number, c in list(s.items()):
                over = False
                try:
                    if c in r:
                        piece = c.recv(65536)
                        over = not piece
                        if piece:
                            frame(b'D', number, piece)
                            window[number] -= len(piece)
                    if not over and up[number] and c in w:
                        up[number] = up[number][c.send(up[number]):]
                except BlockingIOError:
                    pass
                except OSError:
                    over = True
                if over or (number in closing and not up[number]):
                    c.close()
                    del s[number], up[number], window[number]
                    closing.discard(number)
                    frame(b'E', number)
        """;

    private static readonly ConcurrentDictionary<(string Container, string? Folder), Lazy<Task<PostgresRelay>>> Relays = new();

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<uint, Connection> _connections = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly RunningCommand _program;
    private readonly ContainerRelay? _each;
    private uint _number;
    private volatile bool _over;

    private PostgresRelay(RunningCommand program, ContainerRelay? each)
    {
        _program = program;
        _each = each;
        Folder = Directory.CreateTempSubdirectory("runback-db-").FullName;
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(Folder, ".s.PGSQL.5432")));
        _listener.Listen(64);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End();
        _ = AcceptAsync();
        if (each is null)
            _ = ReceiveAsync();
    }

    /// <summary>The folder of the socket, as a host for Npgsql; the port is 5432.</summary>
    public string Folder { get; }

    /// <summary>Why the last connection that couldn't be made couldn't, as the container said it, and how many there were.</summary>
    public (string Said, int Count) Failure { get; private set; } = ("", 0);

    /// <summary>The way to a server; one that stands already is used again.</summary>
    /// <exception cref="PostgresException">The container doesn't run, or holds nothing that could carry a connection.</exception>
    public static async Task<PostgresRelay> ToAsync(PostgresServerAddress address, CancellationToken cancellation)
    {
        var key = (address.Container, address.SocketDirectory);
        while (true)
        {
            var relay = Relays.GetOrAdd(key, _ => new(() => StartAsync(address)));
            try
            {
                var found = await relay.Value.WaitAsync(cancellation);
                if (!found._over)
                    return found;
                Relays.TryRemove(new(key, relay));
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                Relays.TryRemove(new(key, relay));
                throw;
            }
        }
    }

    private static async Task<PostgresRelay> StartAsync(PostgresServerAddress address)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var program = await Shell.StartAsync(
            EngineWay.Exec(EngineApi.Shared, address.Container, [], [], ["sh", "-c", Script, "relay", address.SocketDirectory ?? "", Perl, Python]) with { MayWait = true }, patience.Token);
        var error = program.Error;
        try
        {
            await using var registration = patience.Token.Register(program.Kill);
            switch (await ContainerRelay.LineAsync(program.Output, patience.Token))
            {
                case Ready:
                    return new PostgresRelay(program, null);
                case Nothing when address.SocketDirectory is null:
                    // busybox, as in images of Alpine: one nc for each connection, which only TCP leads to.
                    var port = int.Parse(await ContainerRelay.LineAsync(program.Output, patience.Token));
                    return new PostgresRelay(program, new ContainerRelay(EngineApi.Shared, address.Container, "127.0.0.1", port));
                case Nothing:
                    throw new PostgresException(
                        $"expected perl or python3 in the container {address.Container}, by which its server is reached, found neither", "add one of them to the database's image");
                default:
                    throw PostgresComplaint.Explain($"a program in the container {address.Container} that carries connections to its server", await error, null);
            }
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync();
                _ = _each is null ? CarryAsync(socket) : CarryAloneAsync(socket, _each);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task CarryAsync(Socket socket)
    {
        var number = Interlocked.Increment(ref _number);
        var connection = new Connection(socket);
        _connections[number] = connection;
        var giving = GiveAsync(connection, number);
        try
        {
            await SendAsync(Open, number, default);
            var piece = new byte[64 * 1024];
            while (await socket.ReceiveAsync(piece) is > 0 and var count)
                await SendAsync(Data, number, piece.AsMemory(0, count));
            await SendAsync(Close, number, default);
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
        {
            // Either side is gone: nothing more comes for this session.
            connection.End();
        }
        await giving;
        _connections.TryRemove(number, out _);
    }

    private async Task CarryAloneAsync(Socket socket, ContainerRelay relay)
    {
        using (socket)
        {
            try
            {
                await using var here = new NetworkStream(socket, ownsSocket: false);
                await using var there = await relay.ConnectAsync(CancellationToken.None);
                var back = there.CopyToAsync(here);
                await Task.WhenAny(here.CopyToAsync(there), back);
            }
            catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or RunbookException)
            {
                Failure = (exception.Message, Failure.Count + 1);
            }
        }
    }

    private async Task SendAsync(byte kind, uint number, ReadOnlyMemory<byte> data)
    {
        var frame = new byte[Header + data.Length];
        frame[0] = kind;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), number);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(5), (uint)data.Length);
        data.CopyTo(frame.AsMemory(Header));
        await _sending.WaitAsync();
        try
        {
            await _program.Input.BaseStream.WriteAsync(frame);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReceiveAsync()
    {
        var header = new byte[Header];
        try
        {
            while (true)
            {
                await _program.Output.ReadExactlyAsync(header);
                var data = new byte[BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(5))];
                await _program.Output.ReadExactlyAsync(data);
                _connections.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1)), out var connection);
                switch (header[0])
                {
                    case Data:
                        connection?.Take(data);
                        break;
                    case Failed:
                        Failure = (Narration.Printable(System.Text.Encoding.UTF8.GetString(data)), Failure.Count + 1);
                        connection?.End();
                        break;
                    case Ended:
                        connection?.End();
                        break;
                    default:
                        throw new IOException($"expected a frame from the relay, found kind {header[0]}");
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            End();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => End();

    private void End()
    {
        if (_over)
            return;
        _over = true;
        _listener.Dispose();
        _sending.Dispose();
        _program.Kill();
        foreach (var connection in _connections.Values)
            connection.End();
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // An empty folder of this user's own.
        }
    }

    private async Task GiveAsync(Connection connection, uint number)
    {
        using (connection.Socket)
        {
            try
            {
                var given = 0;
                await foreach (var data in connection.Taken.ReadAllAsync())
                {
                    for (var sent = 0; sent < data.Length;)
                        sent += await connection.Socket.SendAsync(data.AsMemory(sent));
                    given += data.Length;
                    if (given < Told)
                        continue;
                    var window = new byte[4];
                    BinaryPrimitives.WriteUInt32BigEndian(window, (uint)given);
                    given = 0;
                    await SendAsync(Window, number, window);
                }
            }
            catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
            {
                // The session was given up.
            }
        }
    }

    private sealed class Connection(Socket socket)
    {
        private readonly Channel<byte[]> _taken = Channel.CreateUnbounded<byte[]>();

        public Socket Socket { get; } = socket;

        /// <summary>What the server sent and this side hasn't read yet.</summary>
        public ChannelReader<byte[]> Taken => _taken.Reader;

        public void Take(byte[] data) => _taken.Writer.TryWrite(data);

        public void End() => _taken.Writer.TryComplete();
    }
}
