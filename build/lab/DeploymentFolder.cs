using System.Security.Cryptography;
using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>The deployment's folder, laid out as a real one: compose file, env file, proxy's configuration, backups.</summary>
/// <param name="options">The lab.</param>
internal sealed class DeploymentFolder(LabOptions options)
{
    /// <summary>The file that says that the folder is a lab's, so that <see cref="LabStack.DownAsync"/> may remove it.</summary>
    public const string Marker = ".runback-lab";

    /// <summary>The variable that holds the release's tag.</summary>
    public const string TagVariable = "IMAGE_TAG";

    /// <summary>The env file's path.</summary>
    public string EnvFile => Path.Combine(options.Directory, ".env");

    /// <summary>Whether the folder is a lab's.</summary>
    public bool IsLab => File.Exists(Path.Combine(options.Directory, Marker));

    /// <summary>The lab that the folder belongs to.</summary>
    public string Name => File.ReadAllText(Path.Combine(options.Directory, Marker)).Trim();

    /// <summary>Writes what is missing or outdated; a pinned release, passwords and whatever else is in the env file stay.</summary>
    /// <param name="databaseImage">The database's image.</param>
    /// <param name="proxyImage">The proxy's image.</param>
    /// <returns>Whether the env file is new, and with it the password in it.</returns>
    /// <exception cref="RunbookException">The folder holds something else than a lab.</exception>
    public bool Write(string databaseImage, string proxyImage)
    {
        if (!IsLab && Directory.Exists(options.Directory) && Directory.EnumerateFileSystemEntries(options.Directory).Any())
        {
            throw new RunbookException($"expected {options.Directory} to be missing, empty or a lab's, found other files in it",
                "give the lab a folder of its own");
        }
        Directory.CreateDirectory(options.Directory);
        File.WriteAllText(Path.Combine(options.Directory, Marker), options.Name + "\n");
        Directory.CreateDirectory(Path.Combine(options.Directory, "backups"));
        foreach (var file in new[] { "docker-compose.yml", "Caddyfile" })
        {
            var content = File.ReadAllText(Path.Combine(options.Sources, "deployment", file));
            var target = Path.Combine(options.Directory, file);
            // Written in place: a bind mount of a single file follows the file, not its name.
            if (!File.Exists(target) || File.ReadAllText(target) != content)
                File.WriteAllText(target, content);
        }

        var isNew = !File.Exists(EnvFile);
        var lines = isNew ? NewEnv() : File.ReadAllText(EnvFile);
        foreach (var (key, value) in new[]
        {
            ("COMPOSE_PROJECT_NAME", options.Name), ("IMAGE", options.Image), ("DB_IMAGE", databaseImage), ("PROXY_IMAGE", proxyImage),
            ("PROXY_PORT", options.ProxyPort.ToString()),
        })
            lines = Set(lines, key, value);
        if (isNew || lines != File.ReadAllText(EnvFile))
            PrivateFiles.Replace(EnvFile, lines);
        return isNew;
    }

    /// <summary>The major version of the server whose data the lab has; null where there is no lab yet.</summary>
    public int? PostgresMajor => IsLab && File.Exists(EnvFile) ? PostgresVersion.Of(Value("DB_IMAGE")) : null;

    /// <summary>Pins a release.</summary>
    public void Pin(string tag) => PrivateFiles.Replace(EnvFile, Set(File.ReadAllText(EnvFile), TagVariable, tag));

    /// <summary>A value of the env file.</summary>
    /// <exception cref="RunbookException">It isn't there.</exception>
    public string Value(string key) =>
        File.ReadLines(EnvFile).Where(line => line.StartsWith(key + "=", StringComparison.Ordinal)).Select(line => line[(key.Length + 1)..]).LastOrDefault()
        ?? throw new RunbookException($"expected {key} in {EnvFile}, found no such line", "remove the lab and make it again: LabDown, LabUp");

    /// <summary>Removes the folder, if it is a lab's.</summary>
    public void Remove()
    {
        if (IsLab)
            Directory.Delete(options.Directory, recursive: true);
    }

    /// <summary>The text of an env file with one variable set, in its place or at the end.</summary>
    internal static string Set(string text, string key, string value)
    {
        var lines = text.TrimEnd('\n').Split('\n').ToList();
        var at = lines.FindLastIndex(line => line.StartsWith(key + "=", StringComparison.Ordinal));
        if (at >= 0)
            lines[at] = $"{key}={value}";
        else
            lines.Add($"{key}={value}");
        return string.Join('\n', lines) + "\n";
    }

    private string NewEnv() => $"""
        # The deployment's settings and secrets; IMAGE_TAG pins the release.
        COMPOSE_PROJECT_NAME={options.Name}
        IMAGE={options.Image}
        {TagVariable}={options.Tag}

        POSTGRES_DB=cleaning
        POSTGRES_USER=postgres
        POSTGRES_PASSWORD={Secret()}

        EXPORT_MODE=webhook
        METRICS_TOKEN={Secret()}
        JOBS_ENABLED=true
        JOB_HEARTBEAT_TTL_SECONDS=15

        """;

    private static string Secret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
