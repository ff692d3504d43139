using Runback.Runbook.Processes;

namespace Runback.Lab;

/// <summary>Where this machine gets Debian packages from, as apt itself resolves its settings (deb822 and one-line files alike).</summary>
/// <param name="Uri">The mirror, as in the machine's settings.</param>
/// <param name="Keyring">The keyring that signs it.</param>
/// <param name="Settings">Lines for apt.conf that reaching it needs: proxies, relaxed dates.</param>
internal sealed record AptMirror(string Uri, string Keyring, IReadOnlyList<string> Settings)
{
    private const string DefaultKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
    private static readonly string[] Kept = ["Acquire::Check-", "Acquire::http::Proxy", "Acquire::https::Proxy", "Acquire::Retries"];

    /// <summary>The release that the lab's images and Compose v2 come from.</summary>
    public const string Suite = "trixie";

    /// <summary>This machine's mirror, or null where apt knows none of Debian (another distribution, no apt).</summary>
    public static async Task<AptMirror?> FindAsync(Shell shell, CancellationToken cancellation)
    {
        if (!File.Exists("/usr/bin/apt-get"))
            return null;
        // apt-get(8), indextargets: one line for each package list of the settings. Without --no-release-info it leaves out lists never fetched.
        var targets = await shell.ReadAsync(
            new Command("apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"), cancellation);
        var settings = await shell.ReadAsync(new Command("apt-config", "dump"), cancellation);
        return Choose(targets, settings, await IdAsync(cancellation));
    }

    /// <summary>Chooses among the package lists: the main component of the distribution itself, not of its updates or security fixes.</summary>
    internal static AptMirror? Choose(string targets, string settings, string distribution)
    {
        if (distribution != "debian")
            return null;
        var uri = targets.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Where(parts => parts is [_, "bookworm" or "trixie" or "stable" or "oldstable" or "testing", "main"])
            .Select(parts => parts[0])
            .FirstOrDefault();
        return uri is null ? null : new AptMirror(uri, DefaultKeyring,
            [.. settings.Split('\n').Where(line => Kept.Any(key => line.StartsWith(key, StringComparison.Ordinal)))]);
    }

    /// <summary>The source line of a release on this mirror (sources.list(5), one-line style).</summary>
    public string SourceLine(string suite) => $"deb [signed-by={Keyring}] {Uri} {suite} main";

    /// <summary>A value of os-release(5), or an empty text.</summary>
    internal static string OsRelease(string text, string key) =>
        text.Split('\n').Where(line => line.StartsWith(key + "=", StringComparison.Ordinal))
            .Select(line => line[(key.Length + 1)..].Trim().Trim('"')).FirstOrDefault() ?? "";

    private static async Task<string> IdAsync(CancellationToken cancellation) =>
        File.Exists("/etc/os-release") ? OsRelease(await File.ReadAllTextAsync("/etc/os-release", cancellation), "ID") : "";
}
