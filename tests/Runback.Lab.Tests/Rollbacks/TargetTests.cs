using System.Net;
using System.Net.Sockets;
using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Each target by itself, and engines reached in other ways.</summary>
[Collection("second lab")]
public sealed class TargetTests(SecondLab lab) : IDisposable
{
    private readonly Production _production = new(lab);
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-target-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task Observing_targets_tell_what_is_there_and_change_nothing()
    {
        await _production.BringAsync(Production.Good);
        Assert.Equal(0, (await _production.RunAsync("Verify")).ExitCode);
        var before = await _production.SnapshotAsync();

        var status = await _production.RunAsync("Status");
        Assert.True(status.ExitCode == 0, status.ToString());
        Assert.Equal((lab.Options.Name, "true", "true", Production.Good), (status.Text("project"), status.Text("serves"), status.Text("runsWhatIsPinned"), status.Text("pin")!.Split('@')[0]));
        Assert.Equal(["api", "jobs"], status.Json["services"]!.AsArray().Select(service => service!["service"]!.ToString()));
        Assert.Equal([Production.KeptRevision], status.Json["revisions"]!.AsArray().Select(revision => revision!.ToString()));
        Assert.Null(status.Json["holder"]);

        var releases = await _production.RunAsync("Releases");
        Assert.True(releases.ExitCode == 0, releases.ToString());
        var tags = releases.Json["releases"]!.AsArray();
        Assert.Equal(Release.All.Select(release => release.Tag).Order(), tags.Select(release => release!["tag"]!.ToString()).Order());
        // Newest first by when each was really built: the lab builds two at a time.
        var published = tags.Select(release => release!["publishedAt"]!.GetValue<DateTime>()).ToList();
        Assert.Equal(published.OrderDescending(), published);
        Assert.Equal(before, await _production.SnapshotAsync());
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task A_backup_is_taken_and_verified_at_each_level()
    {
        await _production.BringAsync(Production.Good);
        var containers = await lab.Docker("ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={lab.Options.Name}");

        var backup = await _production.RunAsync("Backup");

        Assert.True(backup.ExitCode == 0, backup.ToString());
        foreach (var level in (string[])["Checksum", "Decode", "Restore"])
        {
            var verified = await _production.RunAsync("VerifyBackup", "--verify-level", level);
            Assert.True(verified.ExitCode == 0, verified.ToString());
            Assert.Equal((backup.Text("backup", "file"), level), (verified.Text("backup", "file"), verified.Text("backup", "level")));
        }
        Assert.Equal(containers, await lab.Docker("ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={lab.Options.Name}"));
        Assert.Equal("Restore", (await _production.RunAsync("Status")).Text("backup", "level"));
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task Drained_workers_are_stopped_and_a_rollback_starts_them_again()
    {
        await _production.BringAsync(Production.Bad);

        var drained = await _production.RunAsync("DrainWorkers", "--tag", Production.Good);

        Assert.True(drained.ExitCode == 0, drained.ToString());
        Assert.Equal($"exited {Production.Bad}", await _production.RunningAsync("jobs"));
        Assert.Equal($"running {Production.Bad}", await _production.RunningAsync("api"));
        var rollback = await _production.RunAsync("Rollback", "--tag", Production.Good);
        Assert.True(rollback.ExitCode == 0, rollback.ToString());
        await _production.AssertRunsAsync(Production.Good);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task Services_that_ignore_the_tag_variable_are_made_to_follow_it_when_that_was_accepted()
    {
        await _production.BringAsync(Production.Bad);
        var compose = Path.Combine(_production.Folder, "docker-compose.yml");
        var original = await File.ReadAllTextAsync(compose, Cancellation);
        try
        {
            // The real application's shape: an image of its own, whatever the variable says.
            await File.WriteAllTextAsync(compose, original.Replace("${IMAGE}:${IMAGE_TAG}", $"{_production.Image}:{Production.Bad}", StringComparison.Ordinal), Cancellation);
            await _production.UpAsync();

            var rollback = await _production.RunAsync("Rollback", "--tag", Production.Good, "--accept-override");

            Assert.True(rollback.ExitCode == 0, rollback.ToString());
            await _production.AssertRunsAsync(Production.Good);
            var after = await _production.SnapshotAsync();
            await _production.UpAsync();
            Assert.Equal(after, await _production.SnapshotAsync());
            Assert.Contains("COMPOSE_FILE=docker-compose.yml:docker-compose.runback.yml", await File.ReadAllTextAsync(_production.EnvFile, Cancellation), StringComparison.Ordinal);
            Assert.Equal(0, (await _production.RunAsync("Return")).ExitCode);
            await _production.AssertRunsAsync(Production.Bad);
        }
        finally
        {
            await File.WriteAllTextAsync(compose, original, CancellationToken.None);
            File.Delete(Path.Combine(_production.Folder, Runback.Runbook.Deployments.Deployment.OverrideFile));
            await _production.SetAsync(Production.Bad);
            await _production.UpAsync("--timeout", "1");
        }
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task A_run_without_a_terminal_on_what_is_no_lab_wants_a_yes()
    {
        await _production.BringAsync(Production.Bad);
        var copy = _production.CopyFolder();
        try
        {
            File.Delete(Path.Combine(copy, ".runback-lab"));
            var before = await _production.SnapshotAsync();
            var asked = await Production.RunAsync(_production.Environment(("NUKE_DIRECTORY", copy)), "Rollback", "--tag", Production.Good);
            Assert.True(asked.ExitCode == 2, asked.ToString());
            Assert.Contains("--yes", asked.Complaint, StringComparison.Ordinal);
            Assert.Equal(before, await _production.SnapshotAsync());
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task An_engine_behind_another_socket_a_tcp_address_or_a_context_is_worked_on()
    {
        await _production.BringAsync(Production.Bad);
        var socket = Path.Combine(_folder, "engine.sock");
        File.CreateSymbolicLink(socket, "/var/run/docker.sock");
        Assert.Equal("true", (await Production.RunAsync(_production.Environment(("DOCKER_HOST", "unix://" + socket)), "Status")).Text("serves"));

        var configuration = Path.Combine(_folder, "config");
        await lab.Shell.ReadAsync(
            new Runback.Runbook.Processes.Command("docker", "context", "create", "copy", "--docker", $"host=unix://{socket}").WithEnvironment("DOCKER_CONFIG", configuration), Cancellation);
        var context = _production.Environment(("DOCKER_CONFIG", configuration), ("DOCKER_CONTEXT", "copy"), ("DOCKER_HOST", null));
        var backup = await Production.RunAsync(context, "Backup", "VerifyBackup");
        Assert.True(backup.ExitCode == 0, backup.ToString());
        var rollback = await Production.RunAsync(context, "Rollback", "--tag", Production.Good);
        Assert.True(rollback.ExitCode == 0, rollback.ToString());

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var forwarding = ForwardAsync(listener);
        var back = await Production.RunAsync(_production.Environment(("DOCKER_HOST", $"tcp://{listener.LocalEndpoint}")), "Return");
        Assert.True(back.ExitCode == 0, back.ToString());
        await _production.AssertRunsAsync(Production.Bad);
        await _production.AssertUnlockedAsync();
        listener.Stop();
        await forwarding;
    }

    // What an ssh tunnel to an engine does.
    private static async Task ForwardAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = PipeAsync(await listener.AcceptTcpClientAsync(Cancellation));
        }
        catch (SocketException)
        {
            // It was stopped.
        }
    }

    private static async Task PipeAsync(TcpClient client)
    {
        using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await engine.ConnectAsync(new UnixDomainSocketEndPoint("/var/run/docker.sock"), Cancellation);
        await using var there = new NetworkStream(engine);
        await using var here = client.GetStream();
        async Task CopyAsync(Stream from, Stream to, Socket closing)
        {
            try
            {
                await from.CopyToAsync(to, Cancellation);
                closing.Shutdown(SocketShutdown.Send);
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // The other side went first.
            }
        }

        await Task.WhenAll(CopyAsync(here, there, engine), CopyAsync(there, here, client.Client));
        client.Dispose();
    }
}
