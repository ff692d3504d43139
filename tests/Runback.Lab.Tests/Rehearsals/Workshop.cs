using Runback.Lab.Tests.Lab;
using Runback.Lab.Tests.Rollbacks;
using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Rehearsals;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Lab.Tests.Rehearsals;

/// <summary>The lab's deployment with a backup just taken, and a run to rehearse in.</summary>
internal sealed class Workshop : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-rehearsal-").FullName;
    private readonly EngineApi _engine = new();
    private readonly LabFixture _lab;

    public Workshop(LabFixture lab)
    {
        _lab = lab;
        Run = Run.Begin(Path.Combine(_folder, "state"), "Rehearse", new Narration(Said, Secrets), Secrets, dryRun: false);
        Deployment = new Deployment
        {
            Directory = lab.Options.Directory, ComposeFiles = ["docker-compose.yml"], EnvFile = ".env", ProjectName = lab.Options.Name,
            Services = ["api", "jobs"], Workers = ["jobs"], DatabaseService = "db", Database = "cleaning", DatabaseUser = "postgres",
            BaseUrl = lab.Options.BaseUrl, Image = lab.Options.Image, TagVariable = "IMAGE_TAG",
        };
    }

    public Deployment Deployment { get; }

    public Run Run { get; }

    public Secrets Secrets { get; } = new();

    public StringWriter Said { get; } = new();

    /// <summary>The journal: every command that was run.</summary>
    public string Journal
    {
        get
        {
            using var file = new FileStream(Path.Combine(Run.Folder!, "journal.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Takes a backup of the lab as it is, and asks for its rehearsal.</summary>
    public async Task<RehearsalRequest> RequestAsync(string newer, params IReadOnlyList<string> revisions)
    {
        using var probe = new HttpProbe();
        var project = await new Observer(Deployment, _engine, probe, Run.Shell).ProjectAsync(Cancellation);
        var database = (await _engine.ContainersAsync(Cancellation, $"{Labels.Project}={project.Name}", $"{Labels.Service}=db")).Single();
        var server = await PostgresServer.OfAsync(Deployment, Run.Shell, Cancellation);
        var backup = await new DatabaseBackup(server, Run.Shell).TakeAsync(new BackupRequest(_folder, Run.Id), Cancellation);
        var target = await ImageAsync(Production.Good);
        return new RehearsalRequest(Deployment, project, database, Run.Id, backup!.File, null, target, [Production.GoodRevision], await ImageAsync(newer), revisions)
        {
            SmokeRequests = [SmokeRequest.Parse("/bookings?limit=1 200 $[0].id"), SmokeRequest.Parse("/bookings/1")],
            HealthLimit = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Everything on the engine that a rehearsal of this run has made and not removed.</summary>
    public async Task<IReadOnlyList<string>> LeftAsync() =>
    [
        .. await _lab.Docker("ps", "--all", "--filter", $"label={Labels.Scratch}={Run.Id}", "--format", "{{.Names}}"),
        .. await _lab.Docker("network", "ls", "--filter", $"label={Labels.Scratch}={Run.Id}", "--format", "{{.Name}}"),
    ];

    public void Dispose()
    {
        Run.Dispose();
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> ImageAsync(string tag)
    {
        var reference = $"{_lab.Options.Image}:{tag}";
        await _lab.Docker("pull", "--quiet", reference);
        return (await _engine.ImageAsync(reference, Cancellation))!.Id;
    }
}
