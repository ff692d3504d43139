using Microsoft.AspNetCore.Http;
using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>What a user, a file, a registry or a database may get wrong: a clear error, its own exit code, and nothing changed.</summary>
[Tier(Tier.Default)]
[Collection("second lab")]
public sealed class BadInputTests(SecondLab lab) : IAsyncLifetime
{
    private readonly Production _production = new(lab);
    private readonly List<string> _folders = [];
    private string _before = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _production.BringAsync(Production.Bad);
        _before = await _production.SnapshotAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _folders.ForEach(folder => Directory.Delete(folder, recursive: true));
        Assert.Equal(_before, await _production.SnapshotAsync());
    }

    [Theory(Timeout = 480_000)]
    [InlineData("v1;touch /tmp/x", 2, "a tag alone")]
    [InlineData("$(id)", 2, "letters, digits")]
    [InlineData("-rc1", 2, "tag")]
    [InlineData("latest", 2, "names one release")]
    [InlineData("", 2, "--tag needs a value")]
    [InlineData("docker.io/library/nginx:1.27", 2, "another image")]
    [InlineData("2025-12-15-rc2", 3, "2025-12-15-rc1")]
    public async Task A_tag_that_names_no_release_is_refused(string tag, int exitCode, string said) =>
        AssertRefused(await _production.RunAsync("Rollback", $"--tag={tag}"), exitCode, said);

    [Fact(Timeout = 240_000)]
    public async Task Without_a_tag_it_is_asked_for() => AssertRefused(await _production.RunAsync("Rollback"), 2, "--tag");

    [Fact(Timeout = 480_000)]
    public async Task A_missing_a_broken_and_a_foreign_compose_file_are_told_apart()
    {
        AssertRefused(await InCopyAsync(folder => File.Delete(Compose(folder))), 2, "docker-compose.yml", "--compose-files");
        AssertRefused(await InCopyAsync(folder => File.AppendAllText(Compose(folder), "\n  : [unclosed\n")), 3, "Compose can read", "docker compose");
        AssertRefused(await InCopyAsync(folder => File.WriteAllText(Compose(folder), "services:\n  web: {image: nginx}\n")), 3, "`api`", "web");
        AssertRefused(await InCopyAsync(folder => File.Delete(Path.Combine(folder, ".env"))), 2, ".env", "--env-file");
        AssertRefused(await Production.RunAsync(_production.Environment(("NUKE_DIRECTORY", "/no/such/folder")), "Rollback", "--tag", Production.Good), 2, "/no/such/folder", "--directory");
    }

    [Refuses("tag variable")]
    [Fact(Timeout = 480_000)]
    public async Task A_compose_file_that_ignores_the_tag_variable_is_refused_with_the_services_named()
    {
        var refused = await InCopyAsync(folder => File.WriteAllText(
            Compose(folder), File.ReadAllText(Compose(folder)).Replace("image: ${IMAGE}:${IMAGE_TAG}", "image: cleaning-fixed:1", StringComparison.Ordinal)));
        AssertRefused(refused, 3, "api has cleaning-fixed:1, jobs has cleaning-fixed:1", "--accept-override");
        refused.AssertRefusedBy("tag variable");
    }

    [Fact(Timeout = 480_000)]
    public async Task A_tag_variable_that_chooses_other_images_too_is_refused_with_their_services_named()
    {
        var foreign = await InCopyAsync(folder => AddServices(folder, "  web:\n    image: localhost:1/cleaning/web:${IMAGE_TAG}\n"));
        AssertRefused(foreign, 3, "web (localhost:1/cleaning/web:2025-12-20-rc1)", "a variable of its own");
        foreign.AssertRefusedBy("tag variable");
        var without = await InCopyAsync(_ => { }, "--services", "jobs");
        AssertRefused(without, 3, "found api on it too", "--services jobs api");
        without.AssertRefusedBy("tag variable");
    }

    [Refuses("drift")]
    [Fact(Timeout = 480_000)]
    public async Task What_up_would_change_beside_the_release_is_refused_with_each_difference_named()
    {
        var more = await InCopyAsync(folder =>
        {
            File.WriteAllText(Compose(folder), File.ReadAllText(Compose(folder))
                .Replace("expose: [\"8000\"]", "expose: [\"8000\"]\n    mem_limit: 400m\n    volumes: [\"uploads:/srv/uploads\"]", StringComparison.Ordinal)
                .Replace("  pg_data:", "  pg_data:\n  uploads:", StringComparison.Ordinal));
            var env = Path.Combine(folder, ".env");
            File.WriteAllText(env, File.ReadAllText(env).Replace("EXPORT_MODE=webhook", "EXPORT_MODE=off\nNEW_ONE=1", StringComparison.Ordinal));
        });
        AssertRefused(more, 3, "api: the variable EXPORT_MODE gets another value, a variable NEW_ONE comes, a mount at /srv/uploads comes, the memory limit changes from none to 400 MiB", "--accept-drift");
        more.AssertRefusedBy("drift");

        // A variable of the shell wins over the env file, and nobody would see it in a file.
        var shell = await Production.RunAsync(_production.Environment(("POSTGRES_DB", "another")), "Rollback", "--tag", Production.Good);
        AssertRefused(shell, 3, "api: the variable DATABASE_URL gets another value", "this shell's variables");

        var accepted = await InCopyAsync(folder => File.AppendAllText(Path.Combine(folder, ".env"), "NEW_ONE=1\n"), "--accept-drift", "--dry-run");
        Assert.True(accepted.ExitCode == 0, accepted.ToString());
    }

    [Refuses("compose")]
    [Fact(Timeout = 480_000)]
    public async Task A_compose_that_is_too_old_is_refused_by_its_version()
    {
        await _production.BringAsync(Production.Bad);
        var before = await _production.SnapshotAsync();
        var program = Path.Combine(Folder(), "docker");
        var path = Environment.GetEnvironmentVariable("PATH")!;
        var real = path.Split(':').Select(folder => Path.Combine(folder, "docker")).First(File.Exists);
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nif [ \"$1 $2\" = 'compose version' ]; then echo v2.19.1; else exec {real} \"$@\"; fi\n", Cancellation);
        await lab.Shell.ReadAsync(new Runback.Runbook.Processes.Command("chmod", "500", program), Cancellation);

        var refused = await Production.RunAsync(_production.Environment(("PATH", $"{Path.GetDirectoryName(program)}:{path}")), "Rollback", "--tag", Production.Good);

        AssertRefused(refused, 3, "expected Compose 2.20 or later, found v2.19.1", "upgrade the Compose plugin");
        refused.AssertRefusedBy("compose");
        Assert.Equal(before, await _production.SnapshotAsync());
    }

    [Refuses("cutover")]
    [Fact(Timeout = 480_000)]
    public async Task A_service_of_which_two_can_not_run_is_not_overlapped()
    {
        var refused = await InCopyAsync(
            folder => File.WriteAllText(Compose(folder), File.ReadAllText(Compose(folder)).Replace("expose: [\"8000\"]", "container_name: the-only-api", StringComparison.Ordinal)), "--cutover", "Overlap");
        AssertRefused(refused, 3, "a fixed name or a published port for api", "--cutover Recreate");
        refused.AssertRefusedBy("cutover");
    }

    [Refuses("base URL")]
    [Fact(Timeout = 480_000)]
    public async Task A_base_url_that_leads_elsewhere_is_refused_before_anything_changes()
    {
        await using var server = await FakeServer.StartAsync((context, _) =>
        {
            context.Response.Redirect("https://login.example.com/");
            return Task.CompletedTask;
        });
        await _production.BringAsync(Production.Bad);
        var before = await _production.SnapshotAsync();

        var refused = await Production.RunAsync(_production.Environment(("NUKE_BASE_URL", server.Address.ToString())), "Rollback", "--tag", Production.Good);

        AssertRefused(refused, 3, "to answer, since the containers of api are healthy", "--base-url");
        refused.AssertRefusedBy("base URL");
        Assert.Equal(before, await _production.SnapshotAsync());
    }

    [Fact(Timeout = 480_000)]
    public async Task An_engine_that_does_not_run_or_may_not_be_used_is_named()
    {
        AssertRefused(await Production.RunAsync(_production.Environment(("DOCKER_HOST", "unix:///tmp/runback-no-engine.sock")), "Rollback", "--tag", Production.Good), 3, "runback-no-engine.sock", "DOCKER_HOST");

        var folder = Folder();
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        var path = Path.Combine(folder, "engine.sock");
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
        socket.Listen();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.None);
        // Root may do everything: without its capabilities it is a user like any other.
        string[] wrapper = Environment.IsPrivilegedProcess ? ["setpriv", "--bounding-set=-all"] : [];
        using var program = Program.Start(
            _production.Environment(("DOCKER_HOST", "unix://" + path)), Production.Arguments("Rollback", "--tag", Production.Good), wrapper);
        AssertRefused(await program.EndAsync(), 3, "permission denied", "docker group");
    }

    [Fact(Timeout = 480_000)]
    public async Task A_registry_that_is_down_stops_only_a_release_that_this_host_does_not_have()
    {
        var registry = (await lab.Docker("ps", "--quiet", "--filter", $"name=^{lab.Options.Name}-registry$")).Single();
        await lab.Shell.TryAsync(new Runback.Runbook.Processes.Command("docker", "rmi", $"{_production.Image}:2025-12-23-rc1"), Cancellation);
        await lab.Docker("pull", "--quiet", $"{_production.Image}:{Production.Good}");
        await lab.Docker("stop", "--time", "1", registry);
        try
        {
            AssertRefused(await _production.RunAsync("Rollback", "--tag", "2025-12-23-rc1"), 3, "reach the registry", "this host has no image");
            var known = await _production.RunAsync("Rollback", "--tag", Production.Good, "--dry-run");
            Assert.True(known.ExitCode == 0, known.ToString());
            Assert.Contains("going on with the image", known.Said, StringComparison.Ordinal);
            var releases = await _production.RunAsync("Releases");
            Assert.NotEqual(0, releases.ExitCode);
            Assert.Contains("reach the registry", releases.Complaint, StringComparison.Ordinal);
        }
        finally
        {
            await lab.Docker("start", registry);
        }
    }

    [Theory(Timeout = 480_000)]
    [InlineData(401, "status 401", "docker login")]
    [InlineData(403, "status 403", "")]
    [InlineData(404, "status 404", "")]
    [InlineData(429, "status 429", "try again")]
    public async Task A_registry_that_refuses_is_told_with_what_to_do(int status, string said, string hint)
    {
        await using var registry = await FakeServer.StartAsync((context, cancellation) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = status == 429 ? "3600" : default(string);
            return context.Response.WriteAsync("{\"errors\":[]}", cancellation);
        });
        var refused = await Production.RunAsync(
            _production.Environment(("NUKE_IMAGE", $"localhost:{registry.Address.Port}/cleaning/app")), "Rollback", "--tag", Production.Good, "--dry-run");
        AssertRefused(refused, 3, said, hint);
    }

    [Fact(Timeout = 480_000)]
    public async Task A_database_that_is_down_is_named_and_nothing_is_dumped()
    {
        await lab.Compose("stop", "--timeout", "5", "db");
        try
        {
            AssertRefused(await _production.RunAsync("Backup"), 3, "-db-1", "");
            AssertRefused(await _production.RunAsync("Rollback", "--tag", Production.Good, "--strategy", "AppOnly"), 3, "-db-1", "");
        }
        finally
        {
            await lab.StartDatabaseAsync();
            await lab.Compose("up", "--detach", "--wait", "db");
        }
        _before = await _production.SnapshotAsync();
    }

    [Fact(Timeout = 480_000)]
    public async Task A_role_or_a_database_that_is_not_there_is_named()
    {
        AssertRefused(await Production.RunAsync(_production.Environment(("NUKE_DATABASE_USER", "nobody")), "Backup"), 3, "nobody", "--database-user");
        AssertRefused(await Production.RunAsync(_production.Environment(("NUKE_DATABASE", "shop")), "Backup"), 3, "shop", "--database");
    }

    [Fact(Timeout = 480_000)]
    public async Task A_database_without_a_readable_revision_is_refused()
    {
        await lab.QueryAsync("ALTER TABLE alembic_version RENAME TO alembic_version_away");
        try
        {
            AssertRefused(await _production.RunAsync("Rollback", "--tag", Production.Good), 3, "alembic_version", "");
        }
        finally
        {
            await lab.QueryAsync("ALTER TABLE alembic_version_away RENAME TO alembic_version");
        }
    }

    [Fact(Timeout = 480_000)]
    public async Task Several_revisions_are_shown_and_a_dry_run_names_them_all()
    {
        await lab.QueryAsync("INSERT INTO alembic_version VALUES ('0123456789ab')");
        try
        {
            var status = await _production.RunAsync("Status");
            Assert.Equal(["0123456789ab", Production.KeptRevision], status.Json["revisions"]!.AsArray().Select(revision => revision!.ToString()));
        }
        finally
        {
            await lab.QueryAsync("DELETE FROM alembic_version WHERE version_num = '0123456789ab'");
        }
    }

    [Refuses("backup folder")]
    [Fact(Timeout = 480_000)]
    public async Task A_backup_folder_that_is_missing_or_takes_nothing_is_refused_before_anything_changes()
    {
        var missing = _production.Environment(("NUKE_BACKUP_DIRECTORY", "no-such-folder"));
        AssertRefused(await Production.RunAsync(missing, "Rollback", "--tag", Production.Good), 3, "no-such-folder", "mkdir");
        AssertRefused(await Production.RunAsync(missing, "Backup"), 3, "no-such-folder", "mkdir");
        var fixedFolder = await Production.RunAsync(_production.Environment(("NUKE_BACKUP_DIRECTORY", "/sys/kernel")), "Rollback", "--tag", Production.Good);
        AssertRefused(fixedFolder, 3, "write into /sys/kernel", "writable");
        fixedFolder.AssertRefusedBy("backup folder");
    }

    [Fact(Timeout = 480_000)]
    public async Task A_dump_of_another_database_a_damaged_and_a_missing_one_are_refused()
    {
        var folder = Folder();
        var file = Path.Combine(folder, "pg_cleaning_20251220T030506Z.dump");
        await DumpAsync("postgres", file);
        AssertRefused(await _production.RunAsync("VerifyBackup", "--backup-file", file), 3, "cleaning", "");
        await File.AppendAllTextAsync(file, "x", Cancellation);
        AssertRefused(await _production.RunAsync("VerifyBackup", "--backup-file", file, "--verify-level", "Checksum"), 3, "SHA-256", "");
        AssertRefused(await _production.RunAsync("VerifyBackup", "--backup-file", Path.Combine(folder, "none.dump")), 3, "none.dump", "");
    }

    [Theory(Timeout = 480_000)]
    [InlineData("redirect", "redirect")]
    [InlineData("hang", "no answer within")]
    [InlineData("html", "text/html, not JSON")]
    [InlineData("json", "not Prometheus text")]
    public async Task A_base_url_that_is_not_the_application_does_not_verify(string kind, string said)
    {
        await using var server = await FakeServer.StartAsync(async (context, ending) =>
        {
            switch (kind)
            {
                case "redirect":
                    context.Response.Redirect("https://login.example.com/");
                    break;
                case "hang":
                    await Task.Delay(Timeout.Infinite, ending);
                    break;
                case "html":
                    context.Response.ContentType = "text/html";
                    await context.Response.WriteAsync("<h1>Welcome</h1>", ending);
                    break;
                default:
                    await context.Response.WriteAsJsonAsync(new { status = "UP" }, ending);
                    break;
            }
        });
        var verified = await Production.RunAsync(_production.Environment(("NUKE_BASE_URL", server.Address.ToString())), "Verify", "--health-timeout", "2");

        Assert.True(verified.ExitCode == 5, verified.ToString());
        var failed = verified.Json["checks"]!.AsArray().Where(check => !check!["passed"]!.GetValue<bool>()).ToList();
        Assert.Contains(failed, check => check!["found"]!.ToString().Contains(said, StringComparison.Ordinal) && check["hint"] is not null);
    }

    [Theory(Timeout = 240_000)]
    [InlineData("api.example.com")]
    [InlineData("https://ops:hunter2@api.example.com")]
    public async Task A_base_url_that_is_no_address_is_refused(string url) =>
        AssertRefused(await Production.RunAsync(_production.Environment(("NUKE_BASE_URL", url)), "Status"), 2, "base URL", "");

    [Fact(Timeout = 240_000)]
    public async Task The_token_of_the_metrics_is_not_sent_over_plain_http_to_another_host() =>
        AssertRefused(await Production.RunAsync(_production.Environment(("NUKE_BASE_URL", "http://192.0.2.1")), "Verify"), 2, "https for the token", "--allow-insecure-metrics");

    private static void AssertRefused(Ended ended, int exitCode, string said, string hint = "")
    {
        Assert.True(ended.ExitCode == exitCode, ended.ToString());
        Assert.Equal(exitCode.ToString(), ended.Text("exitCode"));
        Assert.Contains(said, ended.Complaint, StringComparison.Ordinal);
        Assert.Contains(hint, ended.Complaint, StringComparison.Ordinal);
        Assert.Contains("hint: ", ended.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at Runback.", ended.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", ended.Output + ended.Said, StringComparison.Ordinal);
    }

    private static string Compose(string folder) => Path.Combine(folder, "docker-compose.yml");

    private string Folder()
    {
        _folders.Add(Directory.CreateTempSubdirectory("runback-bad-").FullName);
        return _folders[^1];
    }

    private async Task<Ended> InCopyAsync(Action<string> spoil, params string[] more)
    {
        var copy = _production.CopyFolder();
        _folders.Add(copy);
        spoil(copy);
        return await Production.RunAsync(_production.Environment(("NUKE_DIRECTORY", copy)), ["Rollback", "--tag", Production.Good, .. more]);
    }

    private static void AddServices(string folder, string services) =>
        File.WriteAllText(Compose(folder), File.ReadAllText(Compose(folder)).Replace("\nvolumes:", $"\n{services}\nvolumes:", StringComparison.Ordinal));

    private async Task DumpAsync(string database, string file)
    {
        await using (var dump = await Runback.Runbook.Processes.Shell.StartAsync(
            new Runback.Runbook.Processes.Command("docker", "compose", "exec", "-T", "db", "pg_dump", "-U", "postgres", "--format=custom", database) { WorkingDirectory = _production.Folder }))
        {
            await using var target = File.Create(file);
            await dump.Output.CopyToAsync(target, Cancellation);
            Assert.Equal(0, await dump.WaitAsync(Cancellation));
        }
        await Backups.BackupWorkshop.ChecksumAsync(file);
    }
}
