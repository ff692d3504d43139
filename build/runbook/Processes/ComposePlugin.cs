namespace Runback.Runbook.Processes;

/// <summary>
/// Runs <c>docker compose</c> as <c>docker</c> itself does once it has found the plugin and asked it for its description: that takes twice as long as the plugin's own
/// start, and a rollback does it ten times.
/// </summary>
internal static class ComposePlugin
{
    private const string Name = "docker-compose";

    // Docker CLI, cli-plugins/manager: where plugins are looked for after the configuration's folder, and what a plugin is told by when it is run by docker.
    private static readonly string[] Folders =
        ["/usr/local/lib/docker/cli-plugins", "/usr/local/libexec/docker/cli-plugins", "/usr/lib/docker/cli-plugins", "/usr/libexec/docker/cli-plugins"];

    private static readonly KeyValuePair<string, string> RunByDocker = new("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND", "docker");
    private static readonly byte[] Elf = [0x7f, (byte)'E', (byte)'L', (byte)'F'];
    private static readonly Lazy<string?> Found = new(() => Find(Environment.GetEnvironmentVariable));

    /// <summary>The command that does the same without the detour; the command itself where it is another one, or the plugin isn't known for certain.</summary>
    public static Command Direct(Command command) =>
        command is { File: "docker", Arguments: ["compose", ..] } && Found.Value is { } plugin ? command with { File = plugin, Environment = [.. command.Environment, RunByDocker] } : command;

    /// <summary>The plugin that <c>docker compose</c> would run; null where that isn't certain: another <c>docker</c> than Docker's program, folders of plugins of its own.</summary>
    /// <param name="variable">The environment.</param>
    internal static string? Find(Func<string, string?> variable)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            var docker = (variable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "docker")).FirstOrDefault(IsExecutable);
            var configuration = variable("DOCKER_CONFIG") is { Length: > 0 } given ? given : variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".docker") : null;
            // A script of that name may do anything; Docker's program is one.
            if (docker is null || configuration is null || !IsProgram(docker) || HasFoldersOfItsOwn(Path.Combine(configuration, "config.json")))
                return null;
            var first = Folders.Prepend(Path.Combine(configuration, "cli-plugins")).Select(folder => Path.Combine(folder, Name)).FirstOrDefault(File.Exists);
            return first is not null && IsExecutable(first) ? first : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool HasFoldersOfItsOwn(string file) => File.Exists(file) && File.ReadAllText(file).Contains("cliPluginsExtraDirs", StringComparison.Ordinal);

    private static bool IsExecutable(string file) =>
        File.Exists(file) && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    private static bool IsProgram(string file)
    {
        using var stream = File.OpenRead(file);
        var start = new byte[Elf.Length];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual(Elf);
    }
}
