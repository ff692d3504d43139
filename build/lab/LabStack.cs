using System.Diagnostics;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>
/// The throw-away stack: registry, database, application, proxy, all on loopback. Every operation looks at what is there and does what is missing.
/// </summary>
/// <param name="options">Which lab.</param>
/// <param name="shell">Runs the commands; its narration gets the progress.</param>
public sealed class LabStack(LabOptions options, Shell shell)
{
    // Long enough for a machine that is busy with other things; nothing waits longer than it must.
    private static readonly TimeSpan HealthPatience = TimeSpan.FromSeconds(180);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(3) };
    private readonly DeploymentFolder _folder = new(options);
    private readonly LabRegistry _registry = new(options, shell);

    private LabDatabase Database => new(options, shell);

    /// <summary>Brings the lab up: what is missing is made, what runs is left alone, rows are kept.</summary>
    /// <param name="cancellation">Ends the work; the next call goes on.</param>
    /// <exception cref="RunbookException">The engine is missing, a port is taken, or something did not start.</exception>
    public async Task UpAsync(CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        using var alone = await LabLock.TakeAsync(options, shell.Narration, cancellation);
        var images = await PrepareAsync(cancellation);
        await _registry.StartAsync(images.Registry, cancellation);
        await _registry.PublishAsync(images.Python, new LabImageBuilder(shell), cancellation);

        var isNew = _folder.Write(images.Postgres, images.Proxy);
        var isDeployed = (await EngineApi.Shared.ListAsync(cancellation, $"{Labels.Project}={options.Name}", $"{Labels.Service}=api", $"{Labels.OneOff}=False")).Count > 0;
        if (isDeployed && !isNew)
        {
            await shell.ReadAsync(Compose("up").With("--detach", "--quiet-pull"), cancellation);
        }
        else
        {
            await StartDatabaseAsync(cancellation);
            // The volume may be older than the env file.
            await Database.SetPasswordAsync(_folder.Value("POSTGRES_PASSWORD"), cancellation);
            await SeedIfEmptyAsync(cancellation);
            // A rollback has pinned it by digest as well, of an image that may be gone.
            await DeployReleaseAsync(_folder.Value(DeploymentFolder.TagVariable).Split('@')[0], cancellation);
        }
        await WaitForHealthAsync(cancellation);
        shell.Narration.Say($"The lab is up in {watch.Elapsed.TotalSeconds:0.0} s: {options.BaseUrl} runs {_folder.Value(DeploymentFolder.TagVariable)}; deployment in {options.Directory}");
    }

    /// <summary>Makes what every lab on this machine shares: engine, base image, the services' images.</summary>
    /// <param name="cancellation">Ends the work; the next call goes on.</param>
    /// <returns>The names of all of those images.</returns>
    public async Task<IReadOnlyList<string>> PrepareMachineAsync(CancellationToken cancellation)
    {
        var images = await PrepareAsync(cancellation);
        return [.. images.Bases, images.Postgres, images.Python, images.Registry, images.Proxy];
    }

    /// <summary>Deploys a release as a deploy script would: pull, migrate in the new image, pin, exchange, wait for liveness.</summary>
    /// <param name="tag">The release's tag.</param>
    /// <param name="reset">Whether the database is dropped and seeded anew first.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="RunbookException">No such release, or the database is at a revision that the release doesn't know.</exception>
    public async Task DeployAsync(string tag, bool reset, CancellationToken cancellation)
    {
        if (!_folder.IsLab)
            throw RunbookException.Usage($"expected a lab in {options.Directory}, found none", "bring it up first: LabUp");
        if (Release.All.All(release => release.Tag != tag))
        {
            throw RunbookException.Usage($"expected one of the lab's releases, found {tag}",
                $"they are {string.Join(", ", Release.All.Select(release => release.Tag))}");
        }
        using var alone = await LabLock.TakeAsync(options, shell.Narration, cancellation);
        await StartDatabaseAsync(cancellation);
        if (reset)
            await ResetAsync(Release.All.Single(release => release.Tag == tag), cancellation);
        else
            await SeedIfEmptyAsync(cancellation);
        await DeployReleaseAsync(tag, cancellation);
        shell.Narration.Say($"{options.BaseUrl} runs {tag}");
    }

    /// <summary>Removes the lab: containers, networks, volumes, the working folder and, unless they are to be kept, the images.</summary>
    public async Task DownAsync(CancellationToken cancellation)
    {
        using (await LabLock.TakeAsync(options, shell.Narration, cancellation))
        {
            if (_folder.IsLab && _folder.Name != options.Name)
            {
                throw RunbookException.Refused($"expected {options.Directory} to be the lab {options.Name}'s, found that of {_folder.Name}", "name the lab that the folder belongs to");
            }
            await new LabTeardown(options, shell).RunAsync(cancellation);
            _folder.Remove();
        }
        LabLock.Remove(options);
        shell.Narration.Say($"The lab {options.Name} is gone");
    }

    private async Task<(string[] Bases, string Postgres, string Python, string Registry, string Proxy)> PrepareAsync(CancellationToken cancellation)
    {
        var provisioner = new Provisioner(shell);
        await provisioner.EnsureAsync(options.Provision, cancellation);
        var major = options.PostgresMajor ?? _folder.PostgresMajor ?? PostgresVersion.Default;
        if (_folder.PostgresMajor is { } there && there != major)
        {
            throw RunbookException.Usage($"expected the lab's PostgreSQL {there}, whose data are there, found --postgres-version {major}", "remove the lab first: LabDown");
        }
        var suite = PostgresVersion.Suite(major);
        var parent = await new BaseImage(shell, provisioner).EnsureAsync(options.Sources, options.Provision, cancellation);
        var parentOfDatabase = suite == AptMirror.Suite ? parent : await new BaseImage(shell, provisioner, suite).EnsureAsync(options.Sources, options.Provision, cancellation);

        var builder = new LabImageBuilder(shell);
        async Task<string> Ensure(LabImage image, string roughly)
        {
            await builder.EnsureAsync(image, roughly, cancellation);
            return image.Reference;
        }

        var names = await Task.WhenAll(
            Ensure(LabImage.Service(options.Sources, "postgres", parentOfDatabase, major), "about 20 s"), Ensure(LabImage.Service(options.Sources, "python", parent), "about 20 s"),
            Ensure(LabImage.Service(options.Sources, "registry", parent), "about 10 s"), Ensure(LabImage.Service(options.Sources, "proxy", parent), "about 10 s"));
        return ([.. new[] { parent, parentOfDatabase }.Distinct()], names[0], names[1], names[2], names[3]);
    }

    private async Task SeedIfEmptyAsync(CancellationToken cancellation)
    {
        if (await Database.IsSeededAsync(cancellation))
            return;
        await MigrateAsync(Release.First, cancellation);
        await Database.SeedAsync(cancellation);
    }

    // Seeded and migrated once for each release; afterwards a copy of that.
    private async Task ResetAsync(Release release, CancellationToken cancellation)
    {
        shell.Narration.Say("  dropping the lab's database and making it anew");
        await shell.ReadAsync(Compose("stop").With("--timeout", "1", "api", "jobs"), cancellation);
        if (await Database.RecreateAsync(release, cancellation))
            return;
        await SeedIfEmptyAsync(cancellation);
        await PullAsync(release.Tag, cancellation);
        await MigrateAsync(release, cancellation);
        await Database.KeepAsync(release, cancellation);
    }

    private async Task StartDatabaseAsync(CancellationToken cancellation)
    {
        if (await EngineApi.Shared.ContainerAsync($"{options.Name}-db-1", cancellation) is not { IsHealthy: true })
            await shell.ReadAsync(Compose("up").With("--detach", "--wait", "--wait-timeout", "300", "db"), cancellation);
    }

    // One that is on this host is the one that was built last: building it moves its name.
    private async Task PullAsync(string tag, CancellationToken cancellation)
    {
        if (await EngineApi.Shared.ImageAsync($"{options.Image}:{tag}", cancellation) is null)
            await shell.ReadAsync(Compose("pull", tag).With("--quiet", "api", "jobs"), cancellation);
    }

    private async Task DeployReleaseAsync(string tag, CancellationToken cancellation)
    {
        shell.Narration.Say($"  deploying {tag}: pull, migrate, exchange api and jobs");
        // Under the tag for these commands only: a release that can't be pulled or migrated to must not stay pinned.
        await PullAsync(tag, cancellation);
        await MigrateAsync(Release.All.Single(release => release.Tag == tag), cancellation);
        _folder.Pin(tag);
        // jobs is deaf to SIGTERM; nothing is lost by not waiting for it here.
        // Not --no-deps: Compose 2.26 then notes a configuration without depends_on, and the next plain `up` exchanges both services again.
        await shell.ReadAsync(Compose("up").With("--detach", "--timeout", "1", "api", "jobs", "proxy"), cancellation);
        await RequireRunningAsync(tag, cancellation);
        await WaitForHealthAsync(cancellation);
    }

    private async Task MigrateAsync(Release release, CancellationToken cancellation)
    {
        if (await Database.RevisionAsync(cancellation) == string.Join(',', release.Heads))
            return;
        var command = Compose("run", release.Tag).With("--rm", "--no-deps", "-T", "--quiet-pull", "api", "alembic", "upgrade", "heads");
        var result = await shell.TryAsync(command, cancellation);
        if (result.Succeeded)
            return;
        // Alembic complains on standard output.
        if ((result.Output + result.Error).Contains("Can't locate revision", StringComparison.Ordinal))
        {
            var revision = await Database.RevisionAsync(cancellation);
            var owner = Release.All.FirstOrDefault(other => string.Join(',', other.Heads) == revision)?.Tag ?? "a release that is not the lab's";
            throw RunbookException.Refused(
                $"expected the database at a revision that {release.Tag} knows, found {revision} of {owner}",
                "roll back with Rollback --tag, or add --reset: it drops the lab's database and seeds it anew");
        }
        throw new RunbookException(
            $"expected `alembic upgrade heads` of {release.Tag} to succeed, found: {result.Complaint}",
            "nothing is pinned or exchanged; mend the migration, or what it found in the database, and deploy again");
    }

    // An override file named in the env file, or an image given there by digest, would win over the tag.
    private async Task RequireRunningAsync(string tag, CancellationToken cancellation)
    {
        var wanted = (await EngineApi.Shared.ImageAsync($"{options.Image}:{tag}", cancellation))?.Id;
        var running = (await EngineApi.Shared.ContainersAsync(cancellation, $"{Labels.Project}={options.Name}", $"{Labels.OneOff}=False"))
            .Select(container => $"{container.Labels.GetValueOrDefault(Labels.Service)} {container.ImageId}").ToList();
        foreach (var service in new[] { "api", "jobs" })
        {
            if (!running.Contains($"{service} {wanted}"))
            {
                var found = running.Find(line => line.StartsWith(service + " ", StringComparison.Ordinal)) ?? "no container";
                throw new RunbookException($"expected {service} to run {tag} ({wanted}), found {found}",
                    $"something in {_folder.EnvFile} beside {DeploymentFolder.TagVariable} chooses the image, COMPOSE_FILE for example");
            }
        }
    }

    private Task WaitForHealthAsync(CancellationToken cancellation) => Polling.UntilAsync(
        async token =>
        {
            using var answer = await Http.GetAsync(new Uri(options.BaseUrl, "/healthz"), token);
            return answer.IsSuccessStatusCode;
        },
        HealthPatience, $"{options.BaseUrl}healthz", $"look at: docker compose --project-name {options.Name} logs api", cancellation);

    private Command Compose(string verb) =>
        new("docker", "compose", "--project-name", options.Name, "--project-directory", options.Directory, verb) { WorkingDirectory = options.Directory };

    private Command Compose(string verb, string tag) => Compose(verb).WithEnvironment(DeploymentFolder.TagVariable, tag);
}
