using System.Diagnostics;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>
/// A real container engine of another Debian suite beside the machine's own, with that suite's docker and Compose: in a network namespace, a mount
/// namespace and a root of its own. What it publishes is reached in its namespace only, which has no way out: images are brought to it, and programs are
/// started there (<see cref="Within"/>). Of the machine's folders it sees the one for temporary files.
/// </summary>
/// <param name="name">Its name, and its namespace's.</param>
/// <param name="suite">Debian's suite: trixie or sid; older ones have no Compose v2.</param>
/// <param name="oldestApi">The API version below which it refuses clients, as Docker 29 does with 1.44; null for its own.</param>
/// <param name="isContainerdStore">Whether it keeps images in containerd's store, as Docker 29 does.</param>
/// <param name="shell">Runs the commands, as root.</param>
public sealed class EngineBeside(string name, string suite, string? oldestApi, bool isContainerdStore, Shell shell)
{
    // Slow to make: kept for the next time, as the packages of a machine are.
    private const string Kept = "/var/tmp/runback-engines";

    // $1 is the root; what follows goes into the daemon's environment. By pivot_root: behind a mere chroot, an exec would see the machine's files.
    private const string Start = """
        set -e
        root=$1; shift
        mount --bind "$root" "$root"
        mount -t tmpfs tmpfs "$root/run"
        for folder in proc sys dev tmp; do mount --rbind "/$folder" "$root/$folder"; done
        cd "$root"
        pivot_root . old
        umount -l /old
        exec env "$@" dockerd --host unix:///sock/docker.sock --pidfile /sock/pid
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private string Root => Path.Combine(Kept, suite);

    private string Socket => Path.Combine(Root, "sock", "docker.sock");

    private string Namespace => $"/run/netns/{name}";

    private string Log => Path.Combine(Kept, $"{name}.log");

    /// <summary>What a program that talks to it has in its environment: where it is, and its suite's docker and Compose.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["DOCKER_HOST"] = $"unix://{Socket}",
        ["DOCKER_CONFIG"] = Path.Combine(Root, "client"),
        ["PATH"] = $"{Path.Combine(Root, "client", "bin")}:{System.Environment.GetEnvironmentVariable("PATH")}",
    };

    /// <summary>What is put before a command so that it runs where the engine's published ports are.</summary>
    public IReadOnlyList<string> Within => ["nsenter", $"--net={Namespace}"];

    /// <summary>Makes sure of what making one and its namespace takes.</summary>
    /// <param name="provisioner">Gets what is missing.</param>
    /// <param name="provision">Whether it may be installed.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="RunbookException">Something is missing and may not be installed.</exception>
    public static async Task PrepareAsync(Provisioner provisioner, bool provision, CancellationToken cancellation)
    {
        await provisioner.EnsurePackageAsync("mmdebstrap", "/usr/bin/mmdebstrap", provision, cancellation);
        await provisioner.EnsurePackageAsync("iproute2", "/usr/bin/ip", provision, cancellation);
    }

    /// <summary>Starts it, made first where it isn't there (some minutes).</summary>
    /// <param name="cancellation">Ends the work; the next call goes on.</param>
    /// <exception cref="RunbookException">It can't be made or doesn't answer; the message ends with its last words.</exception>
    public async Task UpAsync(CancellationToken cancellation)
    {
        await MakeAsync(cancellation);
        await DownAsync(cancellation);
        await shell.ReadAsync(new Command("ip", "netns", "add", name), cancellation);
        await shell.ReadAsync(Line([.. Within, "ip", "link", "set", "lo", "up"]), cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(Root, "etc", "docker", "daemon.json"), isContainerdStore ? """{"features":{"containerd-snapshotter":true}}""" : "{}", cancellation);
        string[] environment = oldestApi is null ? [] : [$"DOCKER_MIN_API_VERSION={oldestApi}"];
        // As the machine's own engine is started: it must hold none of this program's pipes.
        await shell.ReadAsync(
            new Command("/bin/sh", ["-c", "log=$1; shift; setsid --fork \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", Log, .. Within,
                "unshare", "--mount", "--propagation", "private", "bash", "-c", Start, "bash", Root, .. environment]), cancellation);
        var watch = Stopwatch.StartNew();
        while (!(await shell.TryAsync(Docker("version"), cancellation)).Succeeded)
        {
            if (watch.Elapsed > Patience)
            {
                throw new RunbookException(
                    $"expected the engine of {suite} to answer, found silence for {Patience.TotalSeconds:0} s; its last words:\n{string.Join('\n', File.ReadLines(Log).TakeLast(15))}",
                    $"read {Log}");
            }
            await Task.Delay(200, cancellation);
        }
    }

    /// <summary>Brings images of the machine's engine to it.</summary>
    /// <param name="images">Their names.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task BringAsync(IReadOnlyList<string> images, CancellationToken cancellation)
    {
        var file = Path.Combine(Path.GetTempPath(), $"runback-images-{Guid.NewGuid():N}.tar");
        try
        {
            await shell.ReadAsync(new Command("docker", ["save", "--output", file, .. images]), cancellation);
            await shell.ReadAsync(Docker("load", "--input", file), cancellation);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>A docker command of its suite, spoken to it.</summary>
    public Command Docker(params string[] arguments)
    {
        var command = Line([.. Within, "docker", .. arguments]);
        foreach (var (variable, value) in Environment)
            command = command.WithEnvironment(variable, value);
        return command;
    }

    /// <summary>Ends it, with the containers that it runs; its images and volumes stay.</summary>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task DownAsync(CancellationToken cancellation)
    {
        var file = Path.Combine(Root, "sock", "pid");
        if (File.Exists(file) && int.TryParse(await File.ReadAllTextAsync(file, cancellation), out var pid) && IsDaemon(pid))
        {
            await shell.ReadAsync(new Command("kill", $"{pid}"), cancellation);
            for (var watch = Stopwatch.StartNew(); IsDaemon(pid) && watch.Elapsed < Patience;)
                await Task.Delay(100, cancellation);
        }
        File.Delete(file);
        File.Delete(Socket);
        if (File.Exists(Namespace))
            await shell.ReadAsync(new Command("ip", "netns", "delete", name), cancellation);
    }

    private static Command Line(IReadOnlyList<string> line) => new(line[0], [.. line.Skip(1)]);

    private static bool IsDaemon(int pid) => File.Exists($"/proc/{pid}/comm") && File.ReadAllText($"/proc/{pid}/comm").Trim() == "dockerd";

    private async Task MakeAsync(CancellationToken cancellation)
    {
        if (Directory.Exists(Root))
            return;
        var mirror = await AptMirror.FindAsync(shell, cancellation)
            ?? throw new RunbookException("expected a Debian mirror in apt's settings, found none", "an engine beside the machine's own is made of Debian's packages");
        shell.Narration.Say($"  making an engine of Debian's {suite} in {Root} (some minutes) …");
        Directory.CreateDirectory(Kept);
        // Under another name until it is whole.
        var made = $"{Root}.new";
        if (Directory.Exists(made))
            Directory.Delete(made, recursive: true);
        await shell.ReadAsync(
            new Command("mmdebstrap", "--variant=apt", "--quiet", "--include=docker.io,docker-cli,docker-compose,iptables,ca-certificates,mount")
                .With(mirror.Settings.Select(setting => $"--aptopt={setting.TrimEnd(';')}"))
                .With(suite, made, mirror.SourceLine(suite)),
            cancellation);
        foreach (var folder in new[] { "sock", "etc/docker", "old", "client/bin", "client/cli-plugins" })
            Directory.CreateDirectory(Path.Combine(made, folder));
        File.CreateSymbolicLink(Path.Combine(made, "client", "bin", "docker"), Path.Combine(Root, "usr", "bin", "docker"));
        File.CreateSymbolicLink(Path.Combine(made, "client", "cli-plugins", "docker-compose"), Path.Combine(Root, "usr", "libexec", "docker", "cli-plugins", "docker-compose"));
        Directory.Move(made, Root);
    }
}
