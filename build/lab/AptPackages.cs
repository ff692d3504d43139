using System.Diagnostics;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>Installs Debian packages, and says which.</summary>
/// <param name="shell">Runs the commands.</param>
/// <param name="root">The file system's root, for a test in a folder.</param>
internal sealed class AptPackages(Shell shell, string root = "/")
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromMinutes(5);
    private static readonly string[] BusySigns = ["Could not get lock", "Unable to lock", "is another process using it"];
    private static readonly string[] OfflineSigns = ["Could not resolve", "Temporary failure resolving", "Could not connect", "Connection timed out", "Network is unreachable"];
    private bool _updated;

    private string SourceFile => Path.Combine(root, "etc/apt/sources.list.d/runback-trixie.list");

    private string PinFile => Path.Combine(root, "etc/apt/preferences.d/runback-trixie");

    /// <summary>
    /// Makes trixie known to apt for the packages named and for nothing else: every other package of it has a negative priority
    /// (apt_preferences(5)), so an upgrade never takes one from there. On trixie itself nothing is needed.
    /// </summary>
    public async Task AddTrixieSourceAsync(IEnumerable<string> packages, CancellationToken cancellation)
    {
        var release = Path.Combine(root, "etc/os-release");
        if (AptMirror.OsRelease(await File.ReadAllTextAsync(release, cancellation), "VERSION_CODENAME") == AptMirror.Suite)
            return;
        var mirror = await AptMirror.FindAsync(shell, cancellation)
            ?? throw new RunbookException("expected a Debian mirror in apt's settings, found none", "check /etc/apt/sources.list and /etc/apt/sources.list.d");
        shell.Narration.Say($"  adding {SourceFile}: Debian trixie from this machine's mirror, pinned to {string.Join(", ", packages)}");
        // The pin comes first: killed in between, no package of trixie is a candidate for anything.
        PrivateFiles.Replace(PinFile, Pin(packages), WorldReadable);
        PrivateFiles.Replace(SourceFile, mirror.SourceLine(AptMirror.Suite) + "\n", WorldReadable);
    }

    /// <summary>Installs packages without what they only recommend.</summary>
    /// <exception cref="RunbookException">apt failed; the hint tells whether to wait, to mend the network, or to look at its words.</exception>
    public async Task InstallAsync(IReadOnlyList<string> packages, CancellationToken cancellation)
    {
        if (!_updated)
        {
            shell.Narration.Say("  updating apt's package lists …");
            await RunAsync(Apt("update", "-qq"), cancellation);
            _updated = true;
        }
        foreach (var package in packages)
            shell.Narration.Say($"  installing the Debian package {package} …");
        var watch = Stopwatch.StartNew();
        await RunAsync(Apt("install", "--yes", "-qq", "--no-install-recommends").With(packages), cancellation);
        shell.Narration.Say($"  installed {string.Join(", ", packages)} in {watch.Elapsed.TotalSeconds:0.0} s");
    }

    /// <summary>The preferences that keep trixie out but for the packages named.</summary>
    internal static string Pin(IEnumerable<string> packages) => $"""
        Explanation: only {string.Join(", ", packages)} may come from {AptMirror.Suite}
        Package: *
        Pin: release n={AptMirror.Suite}
        Pin-Priority: -1

        Package: {string.Join(' ', packages)}
        Pin: release n={AptMirror.Suite}
        Pin-Priority: 990

        """;

    private const UnixFileMode WorldReadable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static Command Apt(params string[] arguments) =>
        new Command("apt-get", "-o", $"DPkg::Lock::Timeout={LockPatience.TotalSeconds:0}", "-o", "Dpkg::Use-Pty=0").With(arguments)
            .WithEnvironment("DEBIAN_FRONTEND", "noninteractive")
            .WithEnvironment("NEEDRESTART_SUSPEND", "1");

    private async Task RunAsync(Command command, CancellationToken cancellation)
    {
        var deadline = Stopwatch.StartNew();
        var mended = false;
        while (true)
        {
            var result = await shell.TryAsync(command, cancellation);
            var said = result.Output + result.Error;
            // `update` exits with 0 although a list could not be fetched; what it says tells.
            if (result.Succeeded && !said.Contains("Failed to fetch", StringComparison.Ordinal))
                return;
            if (said.Contains("dpkg --configure -a", StringComparison.Ordinal) && !mended)
            {
                mended = true;
                shell.Narration.Say("  an earlier installation was interrupted; finishing it: dpkg --configure -a");
                await shell.ReadAsync(new Command("dpkg", "--configure", "-a").WithEnvironment("DEBIAN_FRONTEND", "noninteractive"), cancellation);
                continue;
            }
            if (BusySigns.Any(sign => said.Contains(sign, StringComparison.Ordinal)) && deadline.Elapsed < LockPatience)
            {
                shell.Narration.Say("  another program is installing packages; waiting …");
                await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
                continue;
            }
            var offline = OfflineSigns.Any(sign => said.Contains(sign, StringComparison.Ordinal));
            throw new RunbookException(
                $"`{command}` ended with {result.ExitCode}: {result.Complaint}",
                offline ? "the package mirror can't be reached: check the network and the machine's apt settings" : "run that command by hand and mend what it names");
        }
    }
}
