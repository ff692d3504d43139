using Runback.Runbook.Databases;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Deployments;

/// <summary>Reads everything that decisions are made from, and changes nothing.</summary>
/// <param name="deployment">The deployment.</param>
/// <param name="engine">The engine it runs on.</param>
/// <param name="probe">Asks the application.</param>
/// <param name="shell">Runs the reading commands.</param>
public sealed class Observer(Deployment deployment, EngineApi engine, HttpProbe probe, Shell shell)
{
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(5);

    /// <summary>Resolves the Compose project, and sees that it has the services that the profile names.</summary>
    /// <exception cref="RunbookException">A file is missing or broken, or a service isn't in it.</exception>
    public async Task<ComposeProject> ProjectAsync(CancellationToken cancellation)
    {
        ThrowUnlessConsistent();
        ThrowUnlessFilesExist();
        var result = await shell.TryAsync(new Compose(deployment).Config(), cancellation);
        if (!result.Succeeded)
        {
            throw RunbookException.Refused(
                $"expected compose files that Compose can read, found: {result.Complaint}",
                $"try it by hand: {new Compose(deployment).Config()}");
        }
        var project = ProjectName.Learn(deployment, ComposeProject.Parse(result.Output));
        foreach (var service in deployment.Services.Append(deployment.DatabaseService))
            project.Service(service);
        Hide(project, project.Services.Values.SelectMany(service => service.Environment).Concat(ReadEnvFile()));
        Hide(project, SecretSource.Read(project.Secrets, ReadEnvFile()).Select(text => KeyValuePair.Create("SECRET", text)));
        return project;
    }

    // The database's complaints, an image's, a log line: each may quote what the application was given.
    private void Hide(ComposeProject project, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var names = new ApplicationNames(deployment, project);
        shell.Narration.Hide(ServiceSecrets.Of(environment).Where(value => !names.Have(value)));
    }

    private IReadOnlyDictionary<string, string> ReadEnvFile()
    {
        try
        {
            return new EnvFile(File.ReadAllText(deployment.EnvFilePath, EnvFile.Bytes)).Values;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Compose has read it a moment ago; whatever of it reaches a service is known from there.
            return new Dictionary<string, string>();
        }
    }

    /// <summary>Observes the deployment.</summary>
    /// <exception cref="RunbookException">The compose files or the engine can't be read. Anything else that can't be read is null.</exception>
    public async Task<Situation> ObserveAsync(CancellationToken cancellation)
    {
        var health = probe.GetAsync(new Uri(deployment.BaseUrl, deployment.HealthPath), OneAnswer, cancellation);
        var ready = Readiness.AskAsync(probe, deployment, deployment.BaseUrl, OneAnswer, cancellation);
        var project = await ProjectAsync(cancellation);
        var containers = await engine.ContainersAsync(cancellation, $"{Labels.Project}={project.Name}", $"{Labels.OneOff}=False");
        // Images bring variables of their own, and a container keeps those with which it was made.
        Hide(project, containers.SelectMany(container => container.Environment).Select(variable => variable.Split('=', 2)).Where(parts => parts.Length == 2).Select(parts => KeyValuePair.Create(parts[0], parts[1])));
        var revisions = RevisionsOrNullAsync(cancellation);
        var (read, problem) = await revisions;
        return new Situation(
            DateTimeOffset.UtcNow,
            project,
            await ServiceObserver.OfAsync(deployment, containers, engine, cancellation),
            containers.FirstOrDefault(container => container.Labels.GetValueOrDefault(Labels.Service) == deployment.DatabaseService),
            read,
            new Cutover.Pin(deployment).Read(),
            await health,
            await ready)
        {
            RevisionsProblem = problem,
        };
    }

    /// <summary>Reads the database's revisions with SQL: old code couldn't resolve newer ones (trap 4).</summary>
    /// <exception cref="RunbookException">The database can't be read.</exception>
    public async Task<IReadOnlyList<string>> RevisionsAsync(CancellationToken cancellation) =>
        (await AlembicVersion.ReadAsync(await PostgresServer.OfAsync(deployment, shell, cancellation), cancellation)).Revisions;

    private async Task<(IReadOnlyList<string>? Revisions, string? Problem)> RevisionsOrNullAsync(CancellationToken cancellation)
    {
        AlembicVersion? version = null;
        try
        {
            version = await AlembicVersion.ReadAsync(await PostgresServer.OfAsync(deployment, shell, cancellation), cancellation);
            return (version.Stamped(), null);
        }
        catch (RunbookException exception)
        {
            shell.Journal.Note("unreadable", ("what", "database revision"), ("why", exception.Message));
            return (version?.Revisions, exception.Message);
        }
    }

    private void ThrowUnlessConsistent()
    {
        var strangers = deployment.Workers.Except(deployment.Services, StringComparer.Ordinal).ToList();
        if (strangers.Count > 0 || deployment.Services.Count == 0)
        {
            throw RunbookException.Usage(
                $"expected workers that are app services ({string.Join(", ", deployment.Services)}), found {(strangers.Count > 0 ? string.Join(", ", strangers) : "no services at all")}",
                "mend Services and Workers in the profile");
        }
    }

    private void ThrowUnlessFilesExist()
    {
        if (!Directory.Exists(deployment.Directory))
        {
            throw RunbookException.Usage(
                $"expected the deployment's folder {deployment.Directory}, found none",
                "name it with --directory or in the profile; ./build.sh LabUp makes the lab's");
        }
        foreach (var file in deployment.ComposeFiles.Append(deployment.EnvFile))
        {
            if (!File.Exists(Path.GetFullPath(file, deployment.Directory)))
            {
                throw RunbookException.Usage(
                    $"expected the file {file} in {deployment.Directory}, found none",
                    "name it with --compose-files or --env-file, or in the profile");
            }
        }
    }
}
