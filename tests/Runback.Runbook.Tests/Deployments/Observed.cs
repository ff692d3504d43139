using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Tests.Deployments;

/// <summary>Deployments and situations to judge, as they would be observed.</summary>
internal static class Observed
{
    public const string Repository = "localhost:5000/cleaning/app";

    public static Deployment Deployment(string directory = "/srv/cleaning", params string[] services) => new()
    {
        Directory = directory,
        ComposeFiles = ["docker-compose.yml"],
        EnvFile = ".env",
        Services = services.Length == 0 ? ["api", "jobs"] : services,
        Workers = ["jobs"],
        DatabaseService = "db",
        Database = "cleaning",
        DatabaseUser = "postgres",
        BaseUrl = new Uri("http://127.0.0.1:8080"),
        Image = Repository,
        TagVariable = "IMAGE_TAG",
    };

    public static ServiceState Service(string service, string tag, string? digest = null, string state = "running", string? health = "healthy") => new(
        service,
        new Container(
            $"{service}-id", $"cleaning-{service}-1", new Dictionary<string, string>(), $"{Repository}:{tag}", $"sha256:image-{tag}",
            state, health, 0, DateTimeOffset.UnixEpoch, 0, []),
        null, digest);

    public static Situation Situation(
        IReadOnlyList<ServiceState> services, string? pin = null, int? health = 200, Readiness? readiness = null, IReadOnlyList<string>? revisions = null) => new(
            DateTimeOffset.UnixEpoch, new ComposeProject("cleaning", new Dictionary<string, ComposeService>()), services, null, revisions, pin,
            Answer(health, "ok", "text/plain"), readiness ?? Readiness.From(Answer(200, """{"ok":true,"checks":[{"name":"db","ok":true}]}""")));

    public static ProbeResult Answer(int? status, string body, string? type = "application/json") =>
        new(new Uri("http://127.0.0.1:8080/readyz"), status, body, status is null ? null : type, status is null ? "connection refused" : null, TimeSpan.Zero);
}
