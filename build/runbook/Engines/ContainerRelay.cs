using System.Text;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Engines;

/// <summary>
/// A way to a port or a socket that only a container can reach, from wherever this program runs: a program in the container carries the bytes over its standard
/// input and output. So nothing is published, and any Docker context will do.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="container">A container that has perl, python3 or nc.</param>
/// <param name="host">The host to reach by its name there, or a local socket's path.</param>
/// <param name="port">The host's port.</param>
internal sealed class ContainerRelay(EngineApi engine, string container, string host, int port)
{
    private const string Connected = "runback: connected";

    // It becomes the relay and starts nothing: a process whose parent is gone becomes a child of the container's first one, and where that is PostgreSQL's
    // own, it takes a child that was ended by a signal for a crashed backend, and restarts (PostgreSQL 17, postmaster.c, HandleChildCrash).
    // Constant; host and port are arguments.
    private const string Script =
        """
        if command -v perl >/dev/null 2>&1; then exec perl -e "$3" -- "$1" "$2"; fi
        if command -v python3 >/dev/null 2>&1; then exec python3 -c "$4" "$1" "$2"; fi
        case $1 in /*) echo 'expected perl or python3 in the container, found neither' >&2; exit 127;; esac
        if ! command -v nc >/dev/null 2>&1; then echo 'expected perl, python3 or nc in the container, found none of them' >&2; exit 127; fi
        echo 'runback: connected'
        exec nc "$1" "$2"
        """;

    private const string Perl =
        """
        use strict; use warnings; use Errno; use IO::Handle;
        my ($host, $port) = @ARGV; my $s;
        if ($host =~ m{^/}) { require IO::Socket::UNIX; $s = IO::Socket::UNIX->new(Peer => $host); }
        else { require IO::Socket::IP; $s = IO::Socket::IP->new(PeerHost => $host, PeerPort => $port); }
        if (!$s) { print STDERR "$host: $!\n"; exit 1; }
        binmode $_ for (\*STDIN, \*STDOUT, $s);
        syswrite(STDOUT, "runback: connected\n");
        $_->blocking(0) for (\*STDIN, \*STDOUT, $s);
        my ($up, $down, $in, $sending, $from) = ('', '', 1, 1, 1);
        while ($from || length $down) {
          my ($r, $w) = ('', '');
          vec($r, fileno(STDIN), 1) = 1 if $in && length $up < 262144;
          vec($r, fileno($s), 1) = 1 if $from && length $down < 262144;
          vec($w, fileno($s), 1) = 1 if length $up;
          vec($w, fileno(STDOUT), 1) = 1 if length $down;
          next if select($r, $w, undef, undef) < 0;
          if (vec($r, fileno(STDIN), 1)) { my $n = sysread(STDIN, $up, 65536, length $up); $in = 0 if defined $n ? !$n : !$!{EAGAIN}; }
          if (vec($r, fileno($s), 1)) { my $n = sysread($s, $down, 65536, length $down); $from = 0 if defined $n ? !$n : !$!{EAGAIN}; }
          if (vec($w, fileno($s), 1)) { my $n = syswrite($s, $up); if (defined $n) { substr($up, 0, $n) = ''; } elsif (!$!{EAGAIN}) { ($up, $in) = ('', 0); } }
          if (vec($w, fileno(STDOUT), 1)) { my $n = syswrite(STDOUT, $down); if (defined $n) { substr($down, 0, $n) = ''; } elsif (!$!{EAGAIN}) { exit 0; } }
          if (!$in && !length $up && $sending) { shutdown($s, 1); $sending = 0; }
        }
        """;

    private const string Python =
        """
        import os, select, socket, sys
        host, port = sys.argv[1:3]
        try:
            if host.startswith('/'):
                s = socket.socket(socket.AF_UNIX)
                s.connect(host)
            else:
                s = socket.create_connection((host, int(port)))
        except OSError as error:
            sys.exit(f'{host}: {error.strerror or error}')
        os.write(1, b'runback: connected\n')
        for each in (0, 1, s.fileno()):
            os.set_blocking(each, False)
        up, down, reading, sending, coming = b'', b'', True, True, True
        while coming or down:
            wanted = ([0] if reading and len(up) < 262144 else []) + ([s] if coming and len(down) < 262144 else [])
            r, w, _ = select.select(wanted, ([s] if up else []) + ([1] if down else []), [])
            try:
                if 0 in r:
                    piece = os.read(0, 65536)
                    up += piece
                    reading = bool(piece)
                if s in r:
                    piece = s.recv(65536)
                    down += piece
                    coming = bool(piece)
                if s in w:
                    up = up[s.send(up):]
                if 1 in w:
                    down = down[os.write(1, down):]
            except BlockingIOError:
                continue
            except ConnectionError:
                break
            if not reading and not up and sending:
                s.shutdown(socket.SHUT_WR)
                sending = False
        """;

    /// <summary>Opens a connection.</summary>
    /// <exception cref="IOException">Nothing listens there, or the container has no program that could carry it.</exception>
    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellation)
    {
        var relay = await Shell.StartAsync(
            EngineWay.Exec(engine, container, [], [], ["sh", "-c", Script, "relay", host, $"{port}", Perl, Python]) with { MayWait = true }, cancellation);
        var error = relay.Error;
        try
        {
            await using var registration = cancellation.Register(relay.Kill);
            if (await LineAsync(relay.Output, cancellation) == Connected)
                return new EngineStream(relay.Output, relay.Input.BaseStream, relay.Input.Close, relay.DisposeAsync);
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

    internal static async Task<string> LineAsync(Stream stream, CancellationToken cancellation)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancellation) > 0 && one[0] != '\n')
            line.Append((char)one[0]);
        return line.ToString();
    }
}
