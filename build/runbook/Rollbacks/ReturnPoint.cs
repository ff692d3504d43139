using System.Text.Json.Nodes;
using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>What ran before a run changed something: where its return leads.</summary>
/// <param name="Run">That run's id.</param>
/// <param name="Tag">The release's tag.</param>
/// <param name="Pin">The tag variable's value at that time, or null when the env file had none.</param>
/// <param name="ImageId">The image that the app services ran, or null when they ran several.</param>
/// <param name="Digests">The digests that ran, by service.</param>
/// <param name="Level">How well it served.</param>
public sealed record ReturnPoint(
    string Run, string? Tag, string? Pin, string? ImageId, IReadOnlyDictionary<string, string> Digests, ServiceLevel Level)
{
    /// <summary>The image that the run was headed for, where its journal says so.</summary>
    public string? TargetImageId { get; init; }

    /// <summary>The runs that were ended halfway and that the run took up, newest first; null for none.</summary>
    public IReadOnlyList<string>? TakesUp { get; init; }

    /// <summary>Whether every app service runs either what this point left or what its run was headed for.</summary>
    public bool ExplainsWhatRuns(Situation situation) =>
        situation.Services.All(state => state.Container?.ImageId is not { } image || image == ImageId || image == TargetImageId);

    /// <summary>The journal's event that writes a point down.</summary>
    public const string Event = "origin";

    /// <summary>The journal's event that says that everything after it is done to a copy beside the deployment, from which nothing returns.</summary>
    public const string BesideEvent = "beside";

    /// <summary>What the journal keeps of it.</summary>
    internal (string, object?)[] Facts => [("tag", Tag), ("pin", Pin), ("image", ImageId), ("digests", Digests), ("level", Level.ToString()), ("takesUp", TakesUp)];

    /// <summary>
    /// The point as this run observed it. Where the env file pins something else than what runs (trap 1), what runs is the way back: a pin to it
    /// brings it again.
    /// </summary>
    public static ReturnPoint Of(Situation situation) => new(
        "", situation.RunningTag, situation.RunsWhatIsPinned ? situation.Pin : RunningPin(situation),
        OnlyOne(situation.Services.Select(state => state.Container?.ImageId)), situation.Digests, ReturnJudgement.LevelOf(situation));

    /// <summary>The point before a run that was killed halfway and that nothing has finished since; null when there is none, or nobody can tell.</summary>
    /// <param name="statePath">The deployment's state folder.</param>
    public static ReturnPoint? OfUnfinishedRun(string statePath) => OfUnfinished(UnfinishedRun.Records(statePath));

    /// <summary>The point before the oldest of the runs that were ended halfway; null when there is none, or one of them may have done anything.</summary>
    /// <param name="unfinished">The runs, newest first.</param>
    internal static ReturnPoint? OfUnfinished(IReadOnlyList<RunRecord> unfinished) =>
        unfinished is [.., var oldest] && unfinished.All(run => run.Problem is null) ? From(oldest) : null;

    /// <summary>The point before the newest run that changed the deployment, read from its journal; null when there is none.</summary>
    /// <param name="statePath">The deployment's state folder.</param>
    /// <param name="except">The run that asks.</param>
    /// <exception cref="RunbookException">A newer run's journal can't be read: it may have changed anything (outcome Refused).</exception>
    public static ReturnPoint? OfLastRun(string statePath, string except)
    {
        foreach (var run in RunHistory.List(statePath).Where(run => run.Id != except))
        {
            if (run.Problem is { } problem)
            {
                throw RunbookException.Refused(
                    $"expected to read what the run {run.Id} changed, found that {problem}",
                    $"return with the version or the user that made it; or, when you know that it changed nothing, move its folder out of {Path.Combine(statePath, "runs")}");
            }
            if (From(run) is { } point)
                return point;
        }
        return null;
    }

    /// <summary>Whether a situation is already this point.</summary>
    public bool IsRunIn(Situation situation) =>
        situation.Pin == Pin && situation.Services.All(state => state.IsHealthy && (ImageId is null || state.Container?.ImageId == ImageId));

    /// <summary>The point before a run; null where it changed nothing, or only a copy.</summary>
    internal static ReturnPoint? From(RunRecord run) =>
        run is { Beside: false, Changed: true, Origin: { } origin } ? FromFacts(run.Id, origin) with { TargetImageId = run.TargetImage } : null;

    private static ReturnPoint FromFacts(string id, JsonObject entry) => new(
        id, entry["tag"]?.ToString(), entry["pin"]?.ToString(), entry["image"]?.ToString(),
        (entry["digests"] as JsonObject)?.ToDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "", StringComparer.Ordinal) ?? [],
        Enum.TryParse<ServiceLevel>(entry["level"]?.ToString(), out var level) ? level : ServiceLevel.Down)
    {
        TakesUp = entry["takesUp"] is JsonArray { Count: > 0 } runs ? [.. runs.Select(run => run?.ToString() ?? "")] : null,
    };

    /// <summary>The runs that were ended halfway and that a run took up; none where its journal names none.</summary>
    internal static IReadOnlyList<string> TakenUpBy(RunRecord run) => run.Origin is { } origin ? FromFacts(run.Id, origin).TakesUp ?? [] : [];

    private static string? RunningPin(Situation situation) => situation.RunningTag is not { } tag ? situation.Pin
        : Cutover.Pin.Value(tag, OnlyOne(situation.Services.Select(state => state.Digest)));

    private static string? OnlyOne(IEnumerable<string?> images) => images.Distinct().ToList() is [{ } only] ? only : null;
}
