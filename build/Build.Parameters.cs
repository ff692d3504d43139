using Runback.Runbook.Backups;
using Runback.Runbook.Cutover;
using Runback.Runbook.Rollbacks;

// What a person may say. The first half describes an incident, the second the deployment; the second lives in .nuke/parameters.<profile>.json.
internal sealed partial class Build
{
    [Parameter("The release to roll back to: a tag, or `previous` for the last one that verified good")]
    private readonly string? Tag;

    [Parameter("How: Auto decides from the migrations and never picks an emergency strategy; AppOnly keeps the database; ForwardFix, Downgrade, Restore as in the runbook")]
    private readonly Strategy Strategy = Strategy.Auto;

    [Parameter("The strategies that are let through, whatever --strategy says: for a CI job that only some people may start; all of them when not given", Separator = ",")]
    private readonly Strategy[] AllowedStrategies = [];

    [Parameter("The incident this belongs to, for the report")]
    private readonly string? Incident;

    [Parameter("Why a forward-fix is not feasible, for the report")]
    private readonly string? Reason;

    [Parameter("Who approved an emergency strategy: another person than the one who runs it")]
    private readonly string? ApprovedBy;

    [Parameter("Accepts that data is lost, as the rehearsal has shown it")]
    private readonly bool AcceptDataLoss;

    [Parameter("Accepts that the application is down while the database is downgraded or exchanged")]
    private readonly bool AcceptDowntime;

    [Parameter("The backup that Restore leads to: `latest` that fits the release, or a file")]
    private readonly string Point = RollbackRequest.LatestPoint;

    [Parameter("Where a result goes besides: the file of a benchmark, the folder for a forward-fix's migration")]
    private readonly string? Output;

    [Parameter("Reads everything, prints the commands that would change something, runs none of them")]
    private readonly bool DryRun;

    [Parameter("Prints one JSON document on standard output, and everything else on standard error")]
    private readonly bool Json;

    [Parameter("How long a target that changes something waits for whoever holds the deployment, such as 5m; when not given, it ends at once with exit code 6", Name = "Wait")]
    private readonly string? LockWait;

    [Parameter("Goes ahead without asking, where there is no terminal to ask on")]
    private readonly bool Yes;

    [Parameter("How deep a backup is verified: Checksum, Decode, or Restore into a scratch server")]
    private readonly VerifyLevel VerifyLevel = VerifyLevel.Decode;

    [Parameter("The dump to verify; the latest when not given")]
    private readonly string? BackupFile;

    [Parameter("Takes the backup with this command, run in the deployment's folder, instead of pg_dump")]
    private readonly string? BackupCommand;

    [Parameter("How containers are exchanged: Recreate stops the old one first; Overlap starts the new one beside it, for proxies that look names up each time")]
    private readonly CutoverMode Cutover = CutoverMode.Recreate;

    [Parameter("What happens when the rollback fails: Return to a release that was healthier, or Stop for a person")]
    private readonly FailureAction OnFailure = FailureAction.Return;

    [Parameter("Accepts a generated compose file that makes app services follow the tag variable where they don't")]
    private readonly bool AcceptOverride;

    [Parameter("Accepts that exchanging the containers changes more of them than their release: what the compose files, the env file and the shell say now")]
    private readonly bool AcceptDrift;

    [Parameter("How long containers may take to get healthy, in seconds")]
    private readonly int HealthTimeout = 60;

    [Parameter("How long containers must run without a restart to count as settled, in seconds")]
    private readonly int SettleTime = 5;

    [Parameter("The deployment's folder: compose files, env file, backups")]
    private readonly string Directory = ".";

    [Parameter("The compose files, in Compose's order")]
    private readonly string[] ComposeFiles = ["docker-compose.yml"];

    [Parameter("The env file that pins the release")]
    private readonly string EnvFile = ".env";

    [Parameter("The Compose project's name; Compose's own choice when not given")]
    private readonly string? ProjectName;

    [Parameter("The app services: those that run the release's image")]
    private readonly string[] Services = ["api", "jobs"];

    [Parameter("Those app services that serve no requests: stopped first, started last")]
    private readonly string[] Workers = ["jobs"];

    [Parameter("The database's service")]
    private readonly string DatabaseService = "db";

    [Parameter("The application's database")]
    private readonly string? Database;

    [Parameter("The role that reads and dumps the database")]
    private readonly string DatabaseUser = "postgres";

    [Parameter("That role's password, where the database asks for one on its local socket"), Secret]
    private readonly string? DatabasePassword;

    [Parameter("Where the application is reached, through its proxy")]
    private readonly string? BaseUrl;

    [Parameter("The path that answers when the process lives")]
    private readonly string HealthPath = "/healthz";

    [Parameter("The path that answers whether the application is ready, by its payload or by its status alone; none where it has none")]
    private readonly string ReadyPath = "/readyz";

    [Parameter("What another readiness payload holds when the application is ready: `$.status=UP`")]
    private readonly string? ReadyOk;

    [Parameter("Where another readiness payload has the database's revision: `$.database.revision`")]
    private readonly string? ReadyCurrent;

    [Parameter("Where another readiness payload has the head or heads that the release expects: `$.database.head`")]
    private readonly string? ReadyExpected;

    [Parameter("The release's image without a tag, as the compose file names it")]
    private readonly string? Image;

    [Parameter("The variable of the compose file that holds the tag")]
    private readonly string TagVariable = "IMAGE_TAG";

    [Parameter("Where dumps are kept")]
    private readonly string BackupDirectory = "backups";

    [Parameter("Where the image's migrations are, from its working directory")]
    private readonly string MigrationsDirectory = "alembic/versions";

    [Parameter("How Alembic is called in the image, a word each")]
    private readonly string[] AlembicCommand = ["alembic"];

    [Parameter("Requests that a release must answer, beside health and readiness: `GET /bookings?limit=1 200 $[0].id`", Separator = "\n")]
    private readonly string[] SmokeRequests = [];

    [Parameter("The port on which the first serving service listens, where the compose file doesn't say")]
    private readonly int? ServicePort;

    [Parameter("The registry's user, where it asks for one")]
    private readonly string? RegistryUser;

    [Parameter("The registry's password or token"), Secret]
    private readonly string? RegistryPassword;

    [Parameter("Talks plain http to a registry that isn't on this host")]
    private readonly bool AllowInsecureRegistry;

    [Parameter("Installs what the lab needs on this host: Docker, Compose, a base image")]
    private readonly bool Provision;
}
