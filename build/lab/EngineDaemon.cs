using System.Diagnostics;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>Starts this machine's container engine: by its init system where one runs, else by itself in a session of its own.</summary>
/// <param name="shell">Runs the commands.</param>
internal sealed class EngineDaemon(Shell shell)
{
    /// <summary>Where an engine that was started here writes what it has to say.</summary>
    public const string LogFile = "/var/log/runback-dockerd.log";

    private const string PidFile = "/var/run/docker.pid";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The engine's program, or null where it isn't installed.</summary>
    public static string? Program => new[] { "/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd" }.FirstOrDefault(File.Exists);

    /// <summary>Starts the engine unless it runs, and waits until it answers.</summary>
    /// <exception cref="RunbookException">It didn't answer in time, or ended; the message ends with its last words.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        if (Directory.Exists("/run/systemd/system"))
        {
            shell.Narration.Say("  starting the container engine: systemctl start docker");
            await shell.ReadAsync(new Command("systemctl", "start", "docker"), cancellation);
        }
        else if (RunningPid() is null)
        {
            await MountControlGroupsAsync(cancellation);
            shell.Narration.Say($"  no init system runs here; starting dockerd in a session of its own, its output goes to {LogFile}");
            // dockerd refuses to start over the pid file of one that was killed once another process has got that number.
            File.Delete(PidFile);
            // The shell is there for its redirection only: the daemon must outlive this program and hold none of its pipes.
            await shell.ReadAsync(
                new Command("/bin/sh", "-c", "setsid --fork \"$2\" >>\"$1\" 2>&1 </dev/null", "sh", LogFile, Program ?? "dockerd"), cancellation);
        }

        var watch = Stopwatch.StartNew();
        while (true)
        {
            var answer = await shell.TryAsync(new Command("docker", "version", "--format", "{{.Server.Version}}"), cancellation);
            if (answer.Succeeded)
                return;
            // The first seconds it may not have written its pid file yet.
            var ended = watch.Elapsed > TimeSpan.FromSeconds(5) && RunningPid() is null;
            if (ended || watch.Elapsed > Patience)
            {
                throw new RunbookException(
                    $"expected the container engine to answer, found {(ended ? "that it ended" : $"silence for {Patience.TotalSeconds:0} s")}; its last words:\n{LastWords()}",
                    $"read {LogFile}, mend what it names, and run again");
            }
            await Task.Delay(200, cancellation);
        }
    }

    private static int? RunningPid()
    {
        // The pid file outlives a daemon that was killed, and its number may belong to another process by now.
        return File.Exists(PidFile)
            && int.TryParse(File.ReadAllText(PidFile).Trim(), out var pid)
            && File.Exists($"/proc/{pid}/comm")
            && File.ReadAllText($"/proc/{pid}/comm").Trim() == "dockerd" ? pid : null;
    }

    // Where an init system ran, it has mounted them; without them the engine can't start a container.
    private async Task MountControlGroupsAsync(CancellationToken cancellation)
    {
        var mounts = await File.ReadAllTextAsync("/proc/mounts", cancellation);
        if (mounts.Contains(" cgroup ", StringComparison.Ordinal) || mounts.Contains(" cgroup2 ", StringComparison.Ordinal))
            return;
        shell.Narration.Say("  mounting the control groups: mount -t cgroup2 cgroup2 /sys/fs/cgroup");
        await shell.ReadAsync(new Command("mount", "-t", "cgroup2", "cgroup2", "/sys/fs/cgroup"), cancellation);
    }

    private static string LastWords() => File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(15)) : "(none)";
}
