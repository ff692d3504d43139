using Runback.Runbook.Databases;
using Runback.Runbook.Rehearsals.Observation;

namespace Runback.Runbook.Rehearsals;

/// <summary>The migrations' part of a rehearsal: down to the target and up again, or up from an empty database where there is no way down.</summary>
/// <param name="request">What is rehearsed.</param>
/// <param name="pristine">The restored copy.</param>
/// <param name="alembic">Runs Alembic.</param>
/// <param name="tryAsync">Tries the target release over the database that is there, which holds these revisions.</param>
/// <param name="done">Told the name of each part that has ended.</param>
internal sealed class RehearsalCourse(
    RehearsalRequest request, PristineDatabase pristine, AlembicTrial alembic, Func<IReadOnlyList<string>, Task<AppTrial>> tryAsync, Action<string> done)
{
    /// <summary>Runs it, and adds to what was found before.</summary>
    public async Task<RehearsalResult> RunAsync(RehearsalResult result, CancellationToken cancellation)
    {
        var kept = await CatalogSnapshot.ReadAsync(pristine.Server, cancellation);
        result = request.DowngradePlan.Count == 0
            ? result with { NoDowngrade = request.NoDowngrade ?? "the migrations have no way back" }
            : await DowngradeAsync(result, kept, cancellation);
        if (result.Upgrade is not { Succeeded: true })
            result = await FromEmptyAsync(result, cancellation);
        return result;
    }

    private async Task<RehearsalResult> DowngradeAsync(RehearsalResult result, CatalogSnapshot kept, CancellationToken cancellation)
    {
        var copy = await pristine.CopyAsync(cancellation);
        var downgrade = await alembic.RecordAsync(copy, "downgrade", request.DowngradePlan, cancellation);
        var revisions = (await AlembicVersion.ReadAsync(copy, cancellation)).Revisions;
        done("downgrade");
        result = result with { Downgrade = downgrade, RevisionsAfterDowngrade = revisions };
        if (!downgrade.Succeeded)
            return result;
        var schema = await CatalogSnapshot.ReadAsync(copy, cancellation);
        var losses = await DataLoss.CountAsync(pristine.Server, downgrade.Observed!, kept, schema, request.BadSince, cancellation);
        if (await DataLoss.LargeObjectsAsync(pristine.Server, copy, cancellation) is { } objects)
            losses = [.. losses, objects];
        done("losses");
        result = result with { SchemaAfterDowngrade = schema, Losses = losses, DowngradedSchema = await tryAsync(revisions) };
        done("target over the downgraded schema");
        return await UpgradeAgainAsync(result, copy, schema, kept, cancellation);
    }

    private async Task<RehearsalResult> UpgradeAgainAsync(
        RehearsalResult result, PostgresServer copy, CatalogSnapshot schema, CatalogSnapshot kept, CancellationToken cancellation)
    {
        var upgrade = await alembic.RecordAsync(copy, "upgrade", request.Revisions, cancellation);
        var after = await CatalogSnapshot.ReadAsync(copy, cancellation);
        var revisions = (await AlembicVersion.ReadAsync(copy, cancellation)).Revisions;
        done("upgrade");
        if (!upgrade.Succeeded)
            return result with { RoundTripDifferences = [$"the upgrade after the downgrade fails: {upgrade.Failure}"] };
        var differences = kept.DifferencesTo(after).Select(change => change.Text).ToList();
        if (!revisions.ToHashSet(StringComparer.Ordinal).SetEquals(request.Revisions))
            differences.Insert(0, $"the revisions were {string.Join(", ", request.Revisions)} and are {string.Join(", ", revisions)}");
        return Judge(result with { Upgrade = upgrade, RoundTripDifferences = differences }, schema, after);
    }

    private async Task<RehearsalResult> FromEmptyAsync(RehearsalResult result, CancellationToken cancellation)
    {
        var empty = await pristine.EmptyAsync(cancellation);
        var (failure, seconds) = await alembic.RunAsync("upgrade", request.TargetHeads, cancellation);
        if (failure is not null || request.TargetHeads.Count == 0)
        {
            done("from empty");
            failure = request.TargetHeads.Count == 0 ? "the target's heads aren't known" : $"this history doesn't run from an empty database to the target: {failure}";
            return result with { FromEmpty = true, Upgrade = new MigrationTrial(false, failure, seconds, null) };
        }
        var schema = await CatalogSnapshot.ReadAsync(empty, cancellation);
        var upgrade = await alembic.RecordAsync(empty, "upgrade", request.Revisions, cancellation);
        result = result with { FromEmpty = true, Upgrade = upgrade };
        done("from empty");
        return upgrade.Succeeded ? Judge(result, schema, await CatalogSnapshot.ReadAsync(empty, cancellation)) : result;
    }

    private RehearsalResult Judge(RehearsalResult result, CatalogSnapshot before, CatalogSnapshot after)
    {
        var judgement = ObservedVerdict.Judge(before, after, result.Upgrade!.Observed);
        return result with
        {
            Observed = judgement.Verdict, ObservedReasons = judgement.Reasons,
            RuleFaults = request.Assessment is { } read ? RuleFaults.Find(read, judgement, result.FromEmpty) : [],
        };
    }
}
