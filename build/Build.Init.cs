using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Runback.Runbook.Profiles;
using Runback.Runbook.Runs;

// A deployment of one's own: its profile, made of what is found.
internal sealed partial class Build
{
    [Parameter("The profile that Init writes; the Compose project's name when not given")]
    private readonly string? NewProfile;

    private static string[] _arguments = [];

    private Target Init => _ => _
        .Description("Looks at a Compose project (--directory, or --project-name of one that runs), proposes a profile of it, and writes that after asking")
        .Executes(() => Wait(async cancellation =>
            _document = _secrets.Mask(await new InitOperation(InitRequest, new Narration(People, _secrets), _secrets).RunAsync(cancellation))));

    // Without a profile that was named, whatever the standard one says is of another deployment.
    private InitRequest InitRequest
    {
        get
        {
            var isNamed = IsGiven("Profile");
            T? Said<T>(string name, T? value) where T : class => isNamed || IsGiven(name) ? value : null;
            var folder = Said(nameof(Directory), Directory) is { } directory ? Path.GetFullPath(directory, RootDirectory) : null;
            return new InitRequest(
                new SurveyRequest(folder, Said(nameof(ProjectName), ProjectName), Said(nameof(ComposeFiles), ComposeFiles), Said(nameof(EnvFile), EnvFile)) { CurrentFolder = Environment.CurrentDirectory },
                GivenValues, NewProfile ?? (isNamed ? LoadedLocalProfiles.FirstOrDefault() : null), RootDirectory)
            {
                DryRun = DryRun,
                Yes = Yes,
            };
        }
    }

    // What is said for this one call wins over what is found.
    private Dictionary<string, JsonNode> GivenValues => new (string Name, object? Value)[]
    {
        (nameof(ProjectName), ProjectName), (nameof(Services), Services), (nameof(Workers), Workers), (nameof(ServicePort), ServicePort), (nameof(DatabaseService), DatabaseService),
        (nameof(Database), Database), (nameof(DatabaseUser), DatabaseUser), (nameof(BaseUrl), BaseUrl), (nameof(HealthPath), HealthPath), (nameof(ReadyPath), ReadyPath), (nameof(Image), Image),
        (nameof(TagVariable), TagVariable), (nameof(BackupDirectory), BackupDirectory), (nameof(MigrationsDirectory), MigrationsDirectory), (nameof(AlembicCommand), AlembicCommand),
        (nameof(SmokeRequests), SmokeRequests), (nameof(HealthTimeout), HealthTimeout), (nameof(ObjectiveRollback), ObjectiveRollback), (nameof(ObjectiveData), ObjectiveData),
        (nameof(ObjectiveOutage), ObjectiveOutage),
    }.Where(one => one.Value is not null && IsGiven(one.Name)).ToDictionary(one => one.Name, one => JsonSerializer.SerializeToNode(one.Value)!, StringComparer.Ordinal);

    // On the command line in any spelling, or in the environment with the prefix.
    private static bool IsGiven(string name) =>
        _arguments.Any(word => word.StartsWith('-') && string.Equals(word.Split('=')[0].Replace("-", "", StringComparison.Ordinal), name, StringComparison.OrdinalIgnoreCase))
        || !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("NUKE_" + Hump().Replace(name, "_").ToUpperInvariant()));

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex Hump();
}
