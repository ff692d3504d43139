using Runback.Runbook.Backups;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Releases;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Drills.Beside;

/// <summary>All that a drill beside a deployment needs to know before anything is made: read from the deployment, with whatever is missing told at once.</summary>
/// <param name="Situation">The deployment as it is.</param>
/// <param name="Running">The image that its serving services run.</param>
/// <param name="Pin">The tag variable's value for that image.</param>
/// <param name="Target">The release that is rolled back to; its image is on the host.</param>
/// <param name="Backup">The backup that the copy's database is restored from.</param>
public sealed record DrillGround(Situation Situation, Image Running, string Pin, TargetRelease Target, Backup Backup)
{
    /// <summary>The Compose project's name.</summary>
    public string Project => Situation.Project.Name;

    /// <summary>The release that runs.</summary>
    public string From => Situation.RunningTag ?? Pin;

    /// <summary>The moment that the backup shows, UTC.</summary>
    public DateTimeOffset TakenAt => Backup.Facts?.Snapshot ?? Backup.At;

    /// <summary>Reads it. Nothing of the deployment is changed; the target's image is pulled where the host lacks it.</summary>
    /// <exception cref="RunbookException">There is no backup, no release to go back to, no image, or nothing runs.</exception>
    public static async Task<DrillGround> ReadAsync(Deployment original, BesideRequest request, Run run, RegistryOptions registry, CancellationToken cancellation)
    {
        await using var context = new RollbackContext(original, request.Rollback, run);
        var situation = await context.Observer.ObserveAsync(cancellation);
        var serving = original.ServingServices.ToList();
        if (serving.Count == 0)
            throw RunbookException.Usage("expected a service that serves requests, found workers only", "mend Services and Workers in the profile");
        if (situation.Database is not { IsRunning: true })
            throw RunbookException.Refused($"expected the database of {situation.Project.Name} to run, found it {situation.Database?.Condition ?? "missing"}", "is this the right engine (DOCKER_HOST, docker context) and folder?");
        var running = situation[serving[0]].Image
            ?? throw RunbookException.Refused($"expected {serving[0]} of {situation.Project.Name} to run, found no container", "a drill rolls back what runs: start the deployment first");
        if (serving.Find(service => situation[service].Container?.ImageId != running.Id) is { } other)
            throw RunbookException.Refused($"expected {string.Join(" and ", serving)} to run one release, found {other} on {situation[other].Tag ?? "none"}", "finish the deploy first");
        var pin = running.PinIn(original.Image)
            ?? throw RunbookException.Refused($"expected a tag or a digest of {original.Image} for the image that runs ({running.Id}), found none", $"give it one: docker tag {running.Id} {original.Reference("running")}");
        var backup = Choose(original, request.Rollback.BackupFile);
        using var catalog = new ReleaseCatalog(ImageReference.Parse(original.Image), registry);
        var finder = new TargetFinder(context, catalog, Ledger.Of(original));
        var (tag, digest) = await finder.FindAsync(TagRequest.Parse(request.Rollback.Tag, catalog.Image), situation, cancellation);
        var target = await finder.FetchAsync(tag, digest, cancellation);
        if (target.Prepared?.Image.Id == running.Id)
            throw RunbookException.Refused($"expected another release than the one that runs, found {tag}, which is it", "name an earlier release: --tag");
        return new DrillGround(situation, running, pin, target, backup);
    }

    /// <summary>The backup: the one that is named, else the newest that was verified.</summary>
    /// <exception cref="RunbookException">There is none.</exception>
    internal static Backup Choose(Deployment original, string? file)
    {
        if (file is null)
        {
            return BackupCatalog.LatestVerified(original.BackupPath, original.Database) ?? throw RunbookException.Refused(
                $"expected a verified backup of {original.Database} in {original.BackupPath}, found none", "take one and verify it: ./build.sh Backup VerifyBackup; or name a dump: --backup-file");
        }
        var path = Path.GetFullPath(file, original.BackupPath);
        if (!File.Exists(path))
            throw RunbookException.Refused($"expected a dump at {path}, found none", "name an existing file, or leave --backup-file out for the newest that was verified");
        if (!RegularFile.Is(path))
            throw RunbookException.Refused($"expected a dump at {path}, found {RegularFile.Described(path)}", "name a dump's file, or leave --backup-file out for the newest that was verified");
        return new Backup(path, BackupName.Parse(Path.GetFileName(path))?.At ?? File.GetLastWriteTimeUtc(path), new FileInfo(path).Length, BackupFacts.Read(path));
    }
}
