namespace Runback.Runbook.Profiles;

/// <summary>Which compose files Compose itself takes in a folder. Source: Compose documentation, "docker compose", option <c>--file</c>, and Compose Specification, "Compose file".</summary>
internal static class ComposeFileSearch
{
    // In Compose's order of preference.
    private static readonly string[] Usual = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
    private static readonly string[] Overrides = ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

    /// <summary>The files that are used; empty when there are none.</summary>
    /// <param name="names">The names of the folder's files.</param>
    /// <param name="composeFile">The value of <c>COMPOSE_FILE</c>, or null.</param>
    /// <param name="separator">The value of <c>COMPOSE_PATH_SEPARATOR</c>, or null.</param>
    public static IReadOnlyList<string> Used(IReadOnlyCollection<string> names, string? composeFile, string? separator)
    {
        if (!string.IsNullOrWhiteSpace(composeFile))
            return composeFile.Split(separator is { Length: > 0 } ? separator : ":", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (Usual.FirstOrDefault(name => names.Contains(name)) is not { } file)
            return [];
        return Overrides.FirstOrDefault(name => names.Contains(name)) is { } more ? [file, more] : [file];
    }

    /// <summary>Files of the folder that look like compose files and aren't used.</summary>
    public static IReadOnlyList<string> Unused(IEnumerable<string> names, IReadOnlyCollection<string> used) =>
    [
        .. names.Where(name => (name.StartsWith("compose", StringComparison.Ordinal) || name.StartsWith("docker-compose", StringComparison.Ordinal))
                && Path.GetExtension(name) is ".yml" or ".yaml" && !used.Contains(name) && name != Deployments.Deployment.OverrideFile)
            .Order(StringComparer.Ordinal),
    ];
}
