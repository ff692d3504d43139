using Runback.Runbook.Runs;

namespace Runback.Runbook.Deployments;

/// <summary>One Compose project on one engine, as its profile describes it. Everything else is observed.</summary>
public sealed record Deployment
{
    /// <summary>The name of the generated compose file.</summary>
    public const string OverrideFile = "docker-compose.runback.yml";

    /// <summary>The folder that holds the compose files, the env file and the backups.</summary>
    public required string Directory { get; init; }

    /// <summary>The compose files, relative to <see cref="Directory"/>, in Compose's order.</summary>
    public required IReadOnlyList<string> ComposeFiles { get; init; }

    /// <summary>The env file that pins the release, relative to <see cref="Directory"/>.</summary>
    public required string EnvFile { get; init; }

    /// <summary>The Compose project's name, or null for the one Compose derives from the folder or the files.</summary>
    public string? ProjectName { get; init; }

    /// <summary>The app services: those that run the release's image, in the order of the cutover.</summary>
    public required IReadOnlyList<string> Services { get; init => field = [.. value.Select(Named)]; }

    /// <summary>Those of <see cref="Services"/> that serve no requests; they are stopped first and started last.</summary>
    public IReadOnlyList<string> Workers { get; init => field = [.. value.Select(Named)]; } = [];

    /// <summary>Whether it is a drill's copy of a deployment, which is gone when the drill ends.</summary>
    public bool IsCopy { get; init; }

    /// <summary>The services of the original that never run in this copy of it: what the application says of them counts for nothing.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>The services that don't run where only the application is tried: workers, and those that are absent anyway.</summary>
    public IEnumerable<string> WithoutWork => Workers.Concat(Absent);

    /// <summary>The database's service.</summary>
    public required string DatabaseService { get; init => field = Named(value); }

    /// <summary>The application's database.</summary>
    public required string Database { get; init; }

    /// <summary>The role that reads and dumps the database.</summary>
    public required string DatabaseUser { get; init; }

    /// <summary>That role's password, where the database asks for one on its local socket.</summary>
    public string? DatabasePassword { get; init; }

    /// <summary>Where the application is reached from outside, through its proxy.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>The path that answers when the process lives.</summary>
    public string HealthPath { get; init; } = "/healthz";

    /// <summary>The path that answers whether the application is ready; null where it has none.</summary>
    public string? ReadyPath { get; init; } = "/readyz";

    /// <summary>Where that answer's JSON says what, where it isn't of the known shape.</summary>
    public Verification.ReadyMapping ReadyMapping { get; init; } = new();

    /// <summary>The application's image without a tag, as the compose file names it.</summary>
    public required string Image { get; init; }

    /// <summary>The variable in the compose file that holds the release's tag.</summary>
    public required string TagVariable { get; init; }

    /// <summary>Where dumps are kept, relative to <see cref="Directory"/>.</summary>
    public string BackupDirectory { get; init; } = "backups";

    /// <summary>Where the image's migrations live, relative to its working directory or absolute.</summary>
    public string MigrationsDirectory { get; init; } = "alembic/versions";

    /// <summary>The command that runs Alembic in the image, with its own options, without <c>upgrade</c> or <c>downgrade</c>.</summary>
    public IReadOnlyList<string> AlembicCommand { get; init; } = ["alembic"];

    /// <summary>The port on which the first serving service listens inside its container; null for the one that the compose file or the image names.</summary>
    public int? ServicePort { get; init; }

    /// <summary>The running services' containers other than the workers: those whose pause is an outage.</summary>
    public IEnumerable<string> ServingServices => Services.Except(Workers, StringComparer.Ordinal);

    /// <summary>The env file's full path.</summary>
    public string EnvFilePath => Path.GetFullPath(EnvFile, Directory);

    /// <summary>The backup folder's full path.</summary>
    public string BackupPath => Path.GetFullPath(BackupDirectory, Directory);

    /// <summary>The folder in which runs, the ledger and other notes of this deployment are kept.</summary>
    public string StatePath => Path.Combine(Directory, ".runback");

    /// <summary>The generated compose file that makes app services follow the tag variable, where the deployment's own files don't.</summary>
    public string OverridePath => Path.Combine(Directory, OverrideFile);

    // Compose Specification, services: a name that Docker would read as an option isn't one.
    private static string Named(string service) => service.Length > 0 && service[0] != '-' && service.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') ? service
        : throw RunbookException.Usage($"expected a service's name (letters, digits, `.`, `_`, `-`; no dash first), found `{Narration.Printable(service)}`", "name the services as the compose file does: Services, Workers and DatabaseService in the profile");

    /// <summary>The full reference of a release's image.</summary>
    public string Reference(string tag) => $"{Image}:{tag}";
}
