using Runback.Lab.Tests.Lab;
using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Engines;
using Runback.Runbook.ForwardFixes;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Migrations.Sql;
using Runback.Runbook.Processes;

namespace Runback.Lab.Tests.ForwardFixes;

/// <summary>A scratch PostgreSQL on an internal network, and the lab's release images that run on it.</summary>
public sealed class FixWorkshop : IAsyncDisposable
{
    public const string Old = "2025-12-15-rc1";
    public const string Newer = "2025-12-22-rc1";
    public const string OldHead = "a7d24c6e1b93";
    public const string KeptHead = "7fa3d9c5e810";
    private const string Database = "cleaning";
    private const string Migrations = "alembic/versions";

    private readonly LabFixture _lab;
    private readonly string _network = $"runback-fix-{Guid.NewGuid():N}"[..24];
    private readonly EngineApi _engine = new();
    private ScratchServer? _scratch;

    private FixWorkshop(LabFixture lab) => _lab = lab;

    public string Folder { get; } = Directory.CreateTempSubdirectory("runback-fix-").FullName;

    public string Run { get; } = $"fix-{Guid.NewGuid():N}"[..16];

    public PostgresServer Server => _scratch!.Server.On(Database);

    public EngineApi Engine => _engine;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<FixWorkshop> OpenAsync(LabFixture lab)
    {
        var workshop = new FixWorkshop(lab);
        try
        {
            await workshop.StartAsync();
            return workshop;
        }
        catch
        {
            await workshop.DisposeAsync();
            throw;
        }
    }

    private async Task StartAsync()
    {
        foreach (var tag in (string[])[Old, Newer])
            await Shell.Quiet.ReadAsync(new Command("docker", "pull", "--quiet", Image(tag)), Cancellation);
        await Shell.Quiet.ReadAsync(new Command("docker", "network", "create", "--internal", _network), Cancellation);
        var image = (await _lab.Docker("inspect", "--format", "{{.Image}}", $"{_lab.Options.Name}-db-1"))[0];
        _scratch = await ScratchServer.StartAsync(new ScratchOptions(image, "test", Run) { Network = _network, Aliases = ["db"] }, Shell.Quiet, Cancellation);
        await _scratch.Server.ExecuteAsync($"CREATE DATABASE {Database};", Cancellation);
    }

    public string Image(string tag) => $"{_lab.Options.Image}:{tag}";

    public AlembicContainerOptions Options => new(Image(Newer), ["alembic"], Run, "test")
    {
        Network = _network,
        Environment = [new("DATABASE_URL", $"postgresql+psycopg://postgres@db/{Database}")],
    };

    /// <summary>Runs Alembic of the newer image, with a file of this host added to its migrations.</summary>
    public async Task<CommandResult> AlembicAsync(string? file, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        await using var container = await AlembicContainer.CreateAsync(Options, arguments, Shell.Quiet, _engine, cancellation);
        if (file is not null)
            await container.CopyInAsync(Migrations, Path.GetFileName(file), await File.ReadAllTextAsync(file, cancellation), cancellation);
        return await container.RunAsync(cancellation);
    }

    /// <summary>Runs lines of Python with a release's own code; gives what they print.</summary>
    public async Task<CommandResult> PythonAsync(string tag, string code) => await Shell.Quiet.TryAsync(
        new Command("docker", "run", "--rm", "--network", _network, "--env", Options.Environment[0].Key + "=" + Options.Environment[0].Value, "--entrypoint", "python", Image(tag), "-c", code), Cancellation);

    public async Task UpgradeAsync(string? file, string revision)
    {
        var result = await AlembicAsync(file, ["upgrade", revision], Cancellation);
        Assert.True(result.Succeeded, result.Error);
    }

    public async Task<RevisionGraph> GraphAsync(string tag) =>
        RevisionGraph.Read(MigrationArchive.Read(new MemoryStream((await _engine.ArchiveAsync(Image(tag), Migrations, Cancellation))!)));

    /// <summary>Plans the fix for the lab's own migrations between the two releases, with what the database holds.</summary>
    public async Task<FixPlan> PlanAsync()
    {
        var newer = await GraphAsync(Newer);
        var path = RevisionPath.Find([KeptHead], newer, await GraphAsync(Old));
        var kept = path.Path.Reverse().ToList();
        MigrationScript[] history = [.. newer.OldestFirst.Except(kept)];
        return FixPlan.For(VerdictOfPath.Assess(kept, history), history, await CatalogReader.ReadAsync(Server, Cancellation));
    }

    /// <summary>Makes a schema by SQL as old code knows it, changes it as migrations would, and plans the fix.</summary>
    public async Task<FixPlan> PlanAsync(string before, string kept)
    {
        await Server.ExecuteAsync(before + ";\n" + kept + ";", Cancellation);
        var history = Script("a", null, before);
        return FixPlan.For(
            VerdictOfPath.Assess([Script("b", "a", kept)], [history]), [history], await CatalogReader.ReadAsync(Server, Cancellation));
    }

    /// <summary>Lets the newer image's Alembic make the file, fills and hands it out.</summary>
    public async Task<(string Revision, string File)> WriteAsync(FixPlan plan)
    {
        var request = new FixScaffoldRequest(Options with { Network = null, Environment = [] }, Migrations, [KeptHead], "bring old code back");
        var scaffold = await FixScaffold.CreateAsync(request, Shell.Quiet, _engine, Cancellation);
        return (scaffold.Revision, FixScaffold.HandOut(scaffold, FixMigration.Fill(scaffold.Text, plan), Folder, null)[0]);
    }

    /// <summary>Plans, writes and applies the fix to a schema made by SQL.</summary>
    public async Task<(string Revision, string File)> FixAsync(string before, string kept)
    {
        var plan = await PlanAsync(before, kept);
        Assert.True(plan.IsComplete, string.Join('\n', plan.Remaining));
        var written = await WriteAsync(plan);
        await UpgradeAsync(null, KeptHead);
        await UpgradeAsync(written.File, written.Revision);
        return written;
    }

    public Task<string?> ScalarAsync(string select) => Server.ScalarAsync(select, Cancellation);

    public Task ExecuteAsync(string statements) => Server.ExecuteAsync(statements, Cancellation);

    private static MigrationScript Script(string revision, string? down, string upgrade) =>
        new(revision, down is null ? [] : [down], $"{revision}.py", SqlClassifier.Classify(upgrade, new SourceLine($"{revision}.py", 1)), []);

    public async ValueTask DisposeAsync()
    {
        if (_scratch is not null)
            await _scratch.DisposeAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await Shell.Quiet.TryAsync(new Command("docker", "network", "rm", _network), patience.Token);
        _engine.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
