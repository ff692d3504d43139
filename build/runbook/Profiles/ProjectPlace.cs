using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Profiles;

/// <summary>Which project is meant.</summary>
/// <param name="Folder">Its folder, absolute; null when it is named otherwise.</param>
/// <param name="Project">The Compose project's name, or null.</param>
/// <param name="ComposeFiles">The compose files, from the folder on; null for those that Compose takes by itself.</param>
/// <param name="EnvFile">The env file, from the folder on; null for the usual one.</param>
public sealed record SurveyRequest(string? Folder, string? Project, IReadOnlyList<string>? ComposeFiles, string? EnvFile)
{
    /// <summary>The folder that is looked at where nothing else is named, if it holds a compose file.</summary>
    public required string CurrentFolder { get; init; }
}

/// <summary>Where a project's files are.</summary>
/// <param name="Folder">Its folder, absolute.</param>
/// <param name="ComposeFiles">The compose files, from the folder on.</param>
/// <param name="EnvFile">The env file, from the folder on.</param>
/// <param name="Project">The project's name where its containers tell it, else null.</param>
/// <param name="FoundBy">What told the files.</param>
internal sealed record ProjectPlace(string Folder, IReadOnlyList<string> ComposeFiles, string EnvFile, string? Project, string FoundBy)
{
    private const string UsualEnvFile = ".env";

    /// <summary>Finds them: as given, else as the project's containers were made, else as Compose looks for them.</summary>
    /// <param name="request">Which project is meant.</param>
    /// <param name="listed">Every container that Compose has made on the engine; empty where it can't be asked.</param>
    /// <exception cref="RunbookException">There is no such project (outcome Usage).</exception>
    public static ProjectPlace Find(SurveyRequest request, IReadOnlyList<ListedContainer> listed)
    {
        var made = Made(request, listed);
        var folder = request.Folder ?? (request.Project is not null ? made?.Labels.GetValueOrDefault(Labels.WorkingDirectory) : null)
            ?? (request.Project is null && Searched(request.CurrentFolder).Count > 0 ? request.CurrentFolder : throw Unnamed(request, listed));
        folder = Path.TrimEndingDirectorySeparator(folder);
        if (!Directory.Exists(folder))
            throw RunbookException.Usage($"expected the project's folder {folder}, found none", "name it with --directory; it must be reachable from here");
        made ??= Made(request with { Folder = folder }, listed);
        var (files, by) = Files(request, made, folder);
        return new ProjectPlace(folder, files, EnvFileOf(request, made, folder), request.Project ?? made?.Labels.GetValueOrDefault(Labels.Project), by);
    }

    // A container of the project that is meant.
    private static ListedContainer? Made(SurveyRequest request, IReadOnlyList<ListedContainer> listed) => listed.FirstOrDefault(container =>
        request.Project is not null ? container.Labels.GetValueOrDefault(Labels.Project) == request.Project
        : request.Folder is { } folder && container.Labels.GetValueOrDefault(Labels.WorkingDirectory) is { } made && Path.TrimEndingDirectorySeparator(made) == Path.TrimEndingDirectorySeparator(folder));

    private static (IReadOnlyList<string> Files, string By) Files(SurveyRequest request, ListedContainer? made, string folder)
    {
        if (request.ComposeFiles is { Count: > 0 } given)
            return (given, "given");
        var label = made?.Labels.GetValueOrDefault(Labels.ComposeFiles, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (label.Length > 0 && label.All(File.Exists))
            return ([.. label.Select(file => Short(folder, file)).Where(file => file != Deployment.OverrideFile)], "what runs was made from them");
        return Searched(folder) is { Count: > 0 } found ? (found, "as Compose finds them")
            : throw RunbookException.Usage($"expected a compose file in {folder}, found none", "name the project's folder with --directory, or its files with --compose-files");
    }

    private static IReadOnlyList<string> Searched(string folder)
    {
        var names = Names(folder);
        var values = File.Exists(Path.Combine(folder, UsualEnvFile)) ? new EnvFile(File.ReadAllText(Path.Combine(folder, UsualEnvFile), Deployments.EnvFile.Bytes)).Values : new Dictionary<string, string>();
        string? Value(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } set ? set : values.GetValueOrDefault(name);
        return [.. ComposeFileSearch.Used(names, Value("COMPOSE_FILE"), Value("COMPOSE_PATH_SEPARATOR")).Where(file => file != Deployment.OverrideFile)];
    }

    /// <summary>The names of a folder's files.</summary>
    public static IReadOnlyCollection<string> Names(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file))] : [];

    private static string EnvFileOf(SurveyRequest request, ListedContainer? made, string folder)
    {
        if (request.EnvFile is { } given)
            return given;
        // Of several the last one wins, and one that is gone is none.
        var label = made?.Labels.GetValueOrDefault(Labels.EnvFiles, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        return label.LastOrDefault(File.Exists) is { } file ? Short(folder, file) : UsualEnvFile;
    }

    private static string Short(string folder, string file) =>
        Path.GetRelativePath(folder, file) is var relative && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : file;

    private static RunbookException Unnamed(SurveyRequest request, IReadOnlyList<ListedContainer> listed)
    {
        var running = listed.Select(container => container.Labels.GetValueOrDefault(Labels.Project)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(8).ToList();
        return RunbookException.Usage(
            request.Project is { } name ? $"expected containers of the Compose project {name}, found none" : $"expected a Compose project, found no compose file in {request.CurrentFolder}",
            $"name its folder: --directory /opt/shop{(running.Count > 0 ? $"; or one that runs here: --project-name {string.Join(" | ", running)}" : "")}");
    }
}
