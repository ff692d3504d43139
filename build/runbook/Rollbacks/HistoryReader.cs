using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Releases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>Reads the migrations out of images, without starting anything, and finds the way between the database and a release.</summary>
/// <param name="deployment">The deployment.</param>
/// <param name="engine">The engine that has the images.</param>
public sealed class HistoryReader(Deployment deployment, EngineApi engine)
{
    /// <summary>Reads it.</summary>
    /// <param name="situation">What was observed.</param>
    /// <param name="origin">What ran before this run, or before a killed one.</param>
    /// <param name="ledger">Names further releases whose images may know the database's revisions.</param>
    /// <param name="targetImage">The target's image, or null when it isn't on the host.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<ReleaseHistory> ReadAsync(
        Situation situation, ReturnPoint? origin, LedgerHistory ledger, string? targetImage, CancellationToken cancellation)
    {
        if (situation.Revisions is not { Count: > 0 } rows)
            return new ReleaseHistory(situation.Revisions, null, null, [], situation.RevisionsProblem ?? "no revision");
        if (targetImage is null)
        {
            return await FaultAsync(rows, situation, origin, ledger, cancellation) is { } fault
                ? Faulty(rows, fault)
                : new ReleaseHistory(rows, null, null, [], "the target's image isn't on the engine's host");
        }
        try
        {
            var target = new ImageHistory(targetImage, await GraphAsync(targetImage, cancellation));
            List<UnreadImage> unread = [];
            var newer = await NewerAsync(rows, situation, origin, ledger, target, unread, cancellation);
            if (VersionRows.Fault(rows, newer.Graph, target.Graph) is { } fault)
                return Faulty(rows, fault) with { TargetHeads = target.Graph.Heads, Newer = newer, Target = target, Unread = unread };
            var path = RevisionPath.Find(rows, newer.Graph, target.Graph);
            return new ReleaseHistory(rows, path, Assess(path, newer.Graph), target.Graph.Heads, null) { Newer = newer, Target = target, Unread = unread };
        }
        catch (RunbookException exception)
        {
            return new ReleaseHistory(rows, null, null, [], exception.Message) { ProblemHint = exception.Hint };
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            var unread = Unread($"the migrations of {targetImage}", fault);
            return new ReleaseHistory(rows, null, null, [], unread.Message) { ProblemHint = unread.Hint };
        }
    }

    /// <summary>
    /// What is wrong with the rows of the database's version table, by whatever image on the host knows them; null when nothing is, or no image tells.
    /// A single row is never held against images.
    /// </summary>
    /// <param name="rows">The rows as they are.</param>
    /// <param name="situation">What was observed.</param>
    /// <param name="origin">What ran before this run, or before a killed one; null while unknown.</param>
    /// <param name="ledger">Names further releases.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<VersionFault?> FaultAsync(
        IReadOnlyList<string> rows, Situation situation, ReturnPoint? origin, LedgerHistory ledger, CancellationToken cancellation)
    {
        if (rows.Count < 2 || VersionRows.Fault(rows) is not null)
            return VersionRows.Fault(rows);
        foreach (var image in await ImagesAsync(situation, origin, ledger, cancellation))
        {
            if ((await TryGraphAsync(image, cancellation)).Graph is not { } graph)
                continue;
            if (VersionRows.Fault(rows, graph) is { } fault)
                return fault;
            if (rows.All(graph.Contains))
                return null;
        }
        return null;
    }

    /// <summary>The migrations in an image.</summary>
    /// <exception cref="RunbookException">It has none where the profile says they are, or they can't be read.</exception>
    public async Task<RevisionGraph> GraphAsync(string image, CancellationToken cancellation)
    {
        try
        {
            var archive = await engine.ArchiveAsync(image, deployment.MigrationsDirectory, cancellation)
                ?? throw RunbookException.Refused(
                    $"expected migrations in {deployment.MigrationsDirectory} of image {image}, found no such folder",
                    "name it with --migrations-directory, from the image's working directory");
            return RevisionGraph.Read(MigrationArchive.Read(new MemoryStream(archive), $"{image[..Math.Min(image.Length, 19)]}:"));
        }
        catch (Exception fault) when (fault is not (RunbookException or OperationCanceledException))
        {
            throw Unread($"the migrations of {image}", fault);
        }
    }

    // An image of anybody may be read in a run that has changed something: whatever is wrong with it, it is only not known what is in it.
    private static RunbookException Unread(string what, Exception fault) => RunbookException.Refused(
        $"expected to read {what}, found {Narration.Printable($"{fault.GetType().Name}: {fault.Message}")}",
        "assess them by themselves: copy the folder out of the image and run ./build.sh Assess --migrations DIR");

    internal static PathAssessment? Assess(RevisionPath path, RevisionGraph newer)
    {
        if (path.Kind != PathKind.Ahead)
            return null;
        var kept = path.Path.Reverse().ToList();
        var revisions = kept.Select(script => script.Revision).ToHashSet(StringComparer.Ordinal);
        return VerdictOfPath.Assess(kept, [.. newer.OldestFirst.Where(script => !revisions.Contains(script.Revision))]);
    }

    private static ReleaseHistory Faulty(IReadOnlyList<string> rows, VersionFault fault) =>
        new(rows, null, null, [], fault.Found) { ProblemHint = fault.Hint, VersionFault = fault };

    // What runs need not know the database's revisions: after an app-only rollback the newer ones are in the image that was left.
    private async Task<ImageHistory> NewerAsync(
        IReadOnlyList<string> rows, Situation situation, ReturnPoint? origin, LedgerHistory ledger, ImageHistory target, List<UnreadImage> unread,
        CancellationToken cancellation)
    {
        ImageHistory? first = null;
        foreach (var image in await ImagesAsync(situation, origin, ledger, cancellation))
        {
            var (read, why) = await TryGraphAsync(image, cancellation);
            if (read is not { } graph)
            {
                unread.Add(new UnreadImage(situation.Services.FirstOrDefault(state => state.Image?.Id == image)?.Tag ?? image, situation.Services.Any(state => state.Image?.Id == image), why!));
                continue;
            }
            if (rows.All(row => graph.Contains(row)))
                return new ImageHistory(image, graph);
            first ??= new ImageHistory(image, graph);
        }
        return first ?? target;
    }

    // One of several candidates: an old image may keep its migrations elsewhere.
    private async Task<(RevisionGraph? Graph, string? Why)> TryGraphAsync(string image, CancellationToken cancellation)
    {
        try
        {
            return (await GraphAsync(image, cancellation), null);
        }
        catch (RunbookException exception)
        {
            return (null, exception.Message);
        }
    }

    private async Task<IReadOnlyList<string>> ImagesAsync(Situation situation, ReturnPoint? origin, LedgerHistory ledger, CancellationToken cancellation)
    {
        List<string> images = [.. situation.Services.Select(state => state.Image?.Id).Append(origin?.ImageId).OfType<string>()];
        var noted = ledger.Events.Reverse().SelectMany(entry => entry.Digests.Values).Distinct(StringComparer.Ordinal).Take(20);
        foreach (var digest in noted)
        {
            if (await engine.ImageAsync($"{deployment.Image}@{digest}", cancellation) is { } image)
                images.Add(image.Id);
        }
        // Whatever was deployed by hand is in no ledger, and mostly still on the host.
        images.AddRange((await engine.ImagesOfAsync(deployment.Image, cancellation)).Take(20));
        var present = new List<string>();
        foreach (var image in images.Distinct(StringComparer.Ordinal))
        {
            if (await engine.ImageAsync(image, cancellation) is not null)
                present.Add(image);
        }
        return present;
    }
}
