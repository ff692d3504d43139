using System.Text.Json;
using System.Text.Json.Nodes;
using Runback.Runbook.Deployments;
using Runback.Runbook.Releases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Drills.Beside;

/// <summary>The files of a deployment's copy: a compose file that reaches nothing of the original's, an env file of its own, and what is known of the releases.</summary>
/// <param name="Deployment">The copy, as a deployment without workers.</param>
/// <param name="Notes">What the copy does without, for people.</param>
public sealed record DrillCopy(Deployment Deployment, IReadOnlyList<string> Notes)
{
    private const string ProbeTag = "runback-drill-tag";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The folder that holds the copies of a deployment, each in a folder of its run's name.</summary>
    public static string FolderOf(Deployment original) => Path.Combine(original.StatePath, "drills");

    /// <summary>The copy's Compose project.</summary>
    /// <param name="project">The original's.</param>
    /// <param name="run">The run's id.</param>
    public static string NameOf(string project, string run) => $"{project}-drill-{run[(run.LastIndexOf('-') + 1)..]}";

    /// <summary>Writes it, readable by its owner only: a resolved compose file holds the secrets of the env file.</summary>
    /// <param name="original">The deployment.</param>
    /// <param name="project">Its resolved Compose project.</param>
    /// <param name="pin">The tag variable's value for the release that the copy starts on.</param>
    /// <param name="run">The run.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="RunbookException">Compose can't resolve the project, or the folder can't be written.</exception>
    public static async Task<DrillCopy> WriteAsync(Deployment original, ComposeProject project, string pin, Run run, CancellationToken cancellation)
    {
        var config = await run.Shell.ReadAsync(new Compose(original).Under(ProbeTag).Config(), cancellation);
        var name = NameOf(project.Name, run.Id);
        var serving = original.ServingServices.ToList();
        var isolated = IsolatedProject.Of(JsonNode.Parse(config)!.AsObject(), new IsolationPlan
        {
            Name = name,
            Services = [.. serving, original.DatabaseService],
            Left = original.Workers,
            Tag = ProbeTag,
            TagVariable = original.TagVariable,
            Labels = new Dictionary<string, string> { [Labels.Drill] = project.Name, [Labels.Scratch] = run.Id },
            IsFile = IsRegularFile,
        });
        var copy = original with
        {
            Directory = Path.Combine(FolderOf(original), run.Id),
            ComposeFiles = ["docker-compose.yml"],
            EnvFile = ".env",
            ProjectName = name,
            Services = serving,
            Workers = [],
            IsCopy = true,
            Absent = original.Workers,
            BackupDirectory = "backups",
            BaseUrl = new UriBuilder(original.BaseUrl) { Scheme = Uri.UriSchemeHttp, Port = original.BaseUrl.IsDefaultPort ? 80 : original.BaseUrl.Port }.Uri,
        };
        try
        {
            Write(original, copy, isolated.Json, pin);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RunbookException.Refused(
                $"expected to be able to write the copy's folder {copy.Directory}, found: {exception.Message}", "make the deployment's .runback folder writable, or run as its owner");
        }
        return new DrillCopy(copy, isolated.Notes);
    }

    private static void Write(Deployment original, Deployment copy, JsonObject json, string pin)
    {
        PrivateFiles.CreateFolder(copy.Directory);
        PrivateFiles.CreateFolder(copy.BackupPath);
        PrivateFiles.CreateFolder(copy.StatePath);
        // JSON is YAML; Compose reads it under the usual name.
        PrivateFiles.Replace(Path.Combine(copy.Directory, copy.ComposeFiles[0]), json.ToJsonString(Indented));
        var env = new EnvFile(File.ReadAllText(original.EnvFilePath, EnvFile.Bytes)).Set(original.TagVariable, pin);
        using (var file = PrivateFiles.Create(copy.EnvFilePath))
            file.Write(EnvFile.Bytes.GetBytes(env.Text));
        if (File.Exists(Ledger.Of(original).Path))
            PrivateFiles.Replace(Ledger.Of(copy).Path, File.ReadAllText(Ledger.Of(original).Path));
    }

    // Mounted, even read-only, a socket or a device leads out; neither has a length.
    private static bool IsRegularFile(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };
}
