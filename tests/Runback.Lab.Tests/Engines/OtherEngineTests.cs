using System.Runtime.Versioning;
using Runback.Lab.Tests.Rollbacks;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Engines;

/// <summary>
/// Engines, Composes and servers of other versions than the machine's own: a whole lab on each, and every strategy drilled on it, by the same program.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class OtherEngineTests : IAsyncLifetime
{
    private const string Project = "runback-lab-beside";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runback-beside-");
    private EngineBeside? _engine;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DownAsync(CancellationToken.None);
        // LabDown takes the lab's folder along, and what it was alone in.
        if (Directory.Exists(_folder.FullName))
            _folder.Delete(recursive: true);
    }

    [Theory(Timeout = 3_000_000)]
    [InlineData("sid", "28.", "2.40", "1.44", true, 18, Traits = [TierAttribute.Trait, "thorough"])]
    [InlineData("trixie", "26.1", "2.26", null, false, 15, Traits = [TierAttribute.Trait, "thorough"])]
    public async Task Every_strategy_is_drilled_on_it_and_no_acknowledged_write_is_lost(
        string suite, string version, string compose, string? oldestApi, bool isContainerdStore, int postgres)
    {
        var said = new StringWriter();
        var shell = new Shell(new Narration(said, new Secrets()), Journal.None);
        _engine = new EngineBeside($"runback-{suite}", suite, oldestApi, isContainerdStore, shell);
        await _engine.UpAsync(Cancellation);
        Assert.StartsWith(version, await AskAsync(shell, "version", "--format", "{{.Server.Version}}"), StringComparison.Ordinal);
        Assert.StartsWith(compose, await AskAsync(shell, "compose", "version", "--short"), StringComparison.Ordinal);
        Assert.Equal(isContainerdStore, (await AskAsync(shell, "info", "--format", "{{.DriverStatus}}")).Contains("containerd", StringComparison.Ordinal));
        var options = Lab.LabFixture.For("beside", 0) with { PostgresMajor = postgres };
        await _engine.BringAsync(await new LabStack(options, shell).PrepareMachineAsync(Cancellation), Cancellation);

        await RunAsync("LabDown", "--keep-images");
        await RunAsync("LabUp", "--postgres-version", $"{postgres}");
        Assert.StartsWith($"{postgres}.", await QueryAsync(shell, "SHOW server_version"), StringComparison.Ordinal);
        foreach (var (strategy, from) in new[] { ("AppOnly", Production.Bad), ("Downgrade", Production.Breaking), ("Restore", Production.Breaking) })
        {
            var drill = await RunAsync("Drill", "--strategy", strategy, "--drill-from", from);
            Assert.Equal(("Done", from, Production.Good), (drill.Text("outcome"), drill.Text("from"), drill.Text("to")));
            Assert.True(drill.Json["writes"]!["acknowledged"]!.GetValue<int>() > 0, drill.Output);
            Assert.Empty(drill.Json["writes"]!["lost"]!.AsArray());
            Assert.Equal(strategy == "AppOnly" ? Production.KeptRevision : Production.GoodRevision, await QueryAsync(shell, "SELECT string_agg(version_num, ',') FROM alembic_version"));
            Assert.Equal("4000", await QueryAsync(shell, "SELECT count(*) FROM bookings WHERE id <= 4000"));
            var running = await AskAsync(shell, "ps", "--filter", $"label=com.docker.compose.project={Project}", "--filter", "label=com.docker.compose.service=api", "--format", "{{.Image}} {{.State}}");
            Assert.Contains($":{Production.Good}", running, StringComparison.Ordinal);
            Assert.EndsWith(" running", running, StringComparison.Ordinal);
        }
        var status = await RunAsync("Status");
        Assert.Equal((Project, "true", "true", Production.Good), (status.Text("project"), status.Text("serves"), status.Text("runsWhatIsPinned"), status.Text("pin")!.Split('@')[0]));
        await RunAsync("LabDown", "--keep-images");
    }

    private async Task<Ended> RunAsync(params string[] arguments)
    {
        var environment = new Dictionary<string, string?>
        {
            ["NUKE_PROJECT_NAME"] = Project,
            ["NUKE_DIRECTORY"] = Path.Combine(_folder.FullName, "deployment"),
            ["NUKE_PROFILE"] = "lab",
        };
        foreach (var (name, value) in _engine!.Environment)
            environment[name] = value;
        using var program = Program.Start(environment, Production.Arguments(arguments), [.. _engine.Within]);
        var ended = await program.EndAsync();
        Assert.True(ended.ExitCode == 0, $"{string.Join(' ', arguments)}: {ended}");
        return ended;
    }

    private async Task<string> AskAsync(Shell shell, params string[] arguments) => (await shell.ReadAsync(_engine!.Docker(arguments), Cancellation)).Trim();

    private Task<string> QueryAsync(Shell shell, string query) => AskAsync(shell, "exec", $"{Project}-db-1", "psql", "-U", "postgres", "-d", "cleaning", "-qAtX", "-c", query);
}
