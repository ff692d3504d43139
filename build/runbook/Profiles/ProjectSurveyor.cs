using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Profiles;

/// <summary>Looks at a Compose project: its files as Compose resolves them, and, where an engine answers, what runs. It changes nothing.</summary>
/// <param name="engine">The engine.</param>
/// <param name="probe">Asks the application.</param>
/// <param name="shell">Runs Compose.</param>
public sealed class ProjectSurveyor(EngineApi engine, HttpProbe probe, Shell shell)
{
    private const int MostText = 256 * 1024;
    private const int MostSmokeRequests = 6;
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(3);
    private static readonly string[] Descriptions = ["/openapi.json", "/api/openapi.json", "/api/v1/openapi.json", "/swagger.json"];

    /// <summary>The secrets that the project's services are given, for hiding them.</summary>
    public IReadOnlyList<string> Secrets { get; private set; } = [];

    /// <summary>Looks.</summary>
    /// <exception cref="RunbookException">There is no such project, or Compose can't read its files.</exception>
    public async Task<ProjectSurvey> SurveyAsync(SurveyRequest request, CancellationToken cancellation)
    {
        var (listed, problem) = await ListedAsync(cancellation);
        var place = ProjectPlace.Find(request, listed);
        var survey = await ResolvedAsync(place, cancellation) with { EngineProblem = problem };
        if (problem is null)
            survey = await WithContainersAsync(survey, cancellation);
        Secrets = [.. ServiceSecrets.Of(survey.Services.SelectMany(service => service.Compose.Environment))];
        survey = await new AlembicSearch(engine).FindAsync(survey, cancellation) is { } alembic ? survey with { Alembic = alembic } : survey;
        return await WithAnswersAsync(survey, cancellation);
    }

    private async Task<(IReadOnlyList<ListedContainer> Containers, string? Problem)> ListedAsync(CancellationToken cancellation)
    {
        try
        {
            return (await engine.ListAsync(cancellation, Labels.Project), null);
        }
        catch (RunbookException exception)
        {
            return ([], exception.Message);
        }
    }

    private async Task<ProjectSurvey> ResolvedAsync(ProjectPlace place, CancellationToken cancellation)
    {
        var envPath = Path.GetFullPath(place.EnvFile, place.Folder);
        var hasEnvFile = File.Exists(envPath);
        foreach (var file in place.ComposeFiles)
        {
            if (!File.Exists(Path.GetFullPath(file, place.Folder)))
                throw RunbookException.Usage($"expected the compose file {file} in {place.Folder}, found none", "name the files with --compose-files");
        }
        Command Config(string[] before, params string[] options) => new Command("docker",
        [
            "compose", .. before, .. place.Project is { } name ? ["--project-name", name] : Array.Empty<string>(), .. hasEnvFile ? ["--env-file", envPath] : Array.Empty<string>(),
            .. place.ComposeFiles.SelectMany(file => new[] { "--file", Path.GetFullPath(file, place.Folder) }), "config", "--format", "json", .. options,
        ]) { WorkingDirectory = place.Folder };
        var everything = Config(["--profile", "*"]);
        var results = await Task.WhenAll(
            shell.TryAsync(everything, cancellation), shell.TryAsync(Config([]), cancellation), shell.TryAsync(Config(["--profile", "*"], "--no-interpolate"), cancellation));
        if (results.FirstOrDefault(result => result != results[2] && !result.Succeeded) is { } failed)
        {
            var example = ProjectPlace.Names(place.Folder).FirstOrDefault(file => file is ".env.example" or ".env.sample" or ".env.dist" or "example.env" or ".env.template");
            throw RunbookException.Refused(
                $"expected compose files that Compose can read, found: {failed.Complaint}",
                hasEnvFile || example is null ? $"try it by hand: {everything}" : $"there is no {place.EnvFile}: make one of {example}, with production's values");
        }
        var survey = ProjectSurvey.Parse(results[0].Output, results[1].Output, results[2].Succeeded ? results[2].Output : null, place.Folder, place.ComposeFiles, place.EnvFile);
        var texts = place.ComposeFiles.Select(file => (file, Text(Path.GetFullPath(file, place.Folder)) ?? "")).ToList();
        return survey with
        {
            Services = [.. survey.Services.Select(service => service with { ImageLine = ComposeLines.OfImage(service.Name, texts, file => Text(Path.GetFullPath(file, place.Folder))) })],
            FoundBy = place.FoundBy,
            HasEnvFile = hasEnvFile,
            Assigned = hasEnvFile ? [.. new EnvFile(await File.ReadAllTextAsync(envPath, EnvFile.Bytes, cancellation)).Values.Keys] : [],
            UnusedFiles = ComposeFileSearch.Unused(ProjectPlace.Names(place.Folder), [.. place.ComposeFiles]),
            HasBackupFolder = Directory.Exists(Path.Combine(place.Folder, "backups")),
            ProxyFiles = survey.Services.Where(service => KnownImages.IsProxy(service.ImageName)).Select(service => (service.Name, Text: ProxyText(service)))
                .Where(one => one.Text.Length > 0).ToDictionary(one => one.Name, one => one.Text, StringComparer.Ordinal),
        };
    }

    private async Task<ProjectSurvey> WithContainersAsync(ProjectSurvey survey, CancellationToken cancellation)
    {
        var containers = await engine.ContainersAsync(cancellation, $"{Labels.Project}={survey.Name}", $"{Labels.OneOff}=False");
        Container? Of(string service) => containers.Where(container => container.Labels.GetValueOrDefault(Labels.Service) == service)
            .OrderByDescending(container => container.IsRunning).ThenByDescending(container => container.CreatedAt).FirstOrDefault();
        return survey with { Services = [.. survey.Services.Select(service => service with { Container = Of(service.Name) })] };
    }

    // Whatever listens on a port of this host while the project doesn't run is something else.
    private async Task<ProjectSurvey> WithAnswersAsync(ProjectSurvey survey, CancellationToken cancellation)
    {
        var draft = new ProposalDraft(new Dictionary<string, System.Text.Json.Nodes.JsonNode>());
        var app = AppRules.Find(survey, DatabaseRules.Find(survey, draft), draft);
        if (!app.Serving.Any(service => service.IsRunning))
            return survey;
        foreach (var candidate in AddressRules.Candidates(survey, app))
        {
            if ((await probe.GetAsync(candidate.Url, OneAnswer, cancellation)).Status is null or (>= 300 and < 400))
                continue;
            return await AskedAsync(survey with { Answering = candidate.Url }, app, candidate.Url, cancellation);
        }
        return survey;
    }

    private async Task<ProjectSurvey> AskedAsync(ProjectSurvey survey, AppChoice app, Uri url, CancellationToken cancellation)
    {
        ApiDescription? api = null;
        foreach (var path in Descriptions)
        {
            if (api is null && await probe.GetAsync(new Uri(url, path), OneAnswer, cancellation) is { IsSuccess: true } description)
                api = ApiDescription.Parse(description.Body, path);
        }
        survey = survey with { Api = api };
        var paths = HealthRules.Known(survey, app).Select(one => one.Path).Concat(HealthRules.Live).Concat(HealthRules.Ready)
            .Concat(api?.Requests.Take(MostSmokeRequests).Select(request => request.Path) ?? []).Distinct(StringComparer.Ordinal);
        var answers = new Dictionary<string, SurveyedAnswer>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (Uri.TryCreate(url, path, out var asked) && await probe.GetAsync(asked, OneAnswer, cancellation) is { Status: { } status } answer)
                answers[path] = new SurveyedAnswer(status, Readiness.From(answer) is { Problem: null, IsByStatus: false });
        }
        return survey with { Answers = answers };
    }

    private static string ProxyText(SurveyedService service)
    {
        var files = service.Compose.Mounts.Where(mount => mount.Kind == "bind").SelectMany(mount =>
            Directory.Exists(mount.Source) ? Directory.EnumerateFiles(mount.Source).Where(IsProxyFile).Order(StringComparer.Ordinal).Take(16) : IsProxyFile(mount.Source) ? [mount.Source] : []);
        return string.Join('\n', files.Select(Text).OfType<string>());
    }

    private static bool IsProxyFile(string file) => Path.GetFileName(file).StartsWith("Caddyfile", StringComparison.Ordinal) || Path.GetExtension(file) is ".conf" or ".template";

    private static string? Text(string path)
    {
        try
        {
            return RegularFile.Is(path) && new FileInfo(path).Length <= MostText ? File.ReadAllText(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
