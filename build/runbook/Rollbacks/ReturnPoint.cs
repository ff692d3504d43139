using System.Text.Json.Nodes;
using Runback.Runbook.Deployments;

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

    /// <summary>Whether every app service runs either what this point left or what its run was headed for.</summary>
    public bool ExplainsWhatRuns(Situation situation) =>
        situation.Services.All(state => state.Container?.ImageId is not { } image || image == ImageId || image == TargetImageId);

    /// <summary>The journal's event that writes a point down.</summary>
    public const string Event = "origin";

    /// <summary>The journal's event that says that everything after it is done to a copy beside the deployment, from which nothing returns.</summary>
    public const string BesideEvent = "beside";

    /// <summary>That event in a journal's line.</summary>
    internal const string BesideMark = "\"event\":\"beside\"";

    /// <summary>What the journal keeps of it.</summary>
    internal (string, object?)[] Facts => [("tag", Tag), ("pin", Pin), ("image", ImageId), ("digests", Digests), ("level", Level.ToString())];

    /// <summary>
    /// The point as this run observed it. Where the env file pins something else than what runs (trap 1), what runs is the way back: a pin to it
    /// brings it again.
    /// </summary>
    public static ReturnPoint Of(Situation situation) => new(
        "", situation.RunningTag, situation.RunsWhatIsPinned ? situation.Pin : RunningPin(situation),
        OnlyOne(situation.Services.Select(state => state.Container?.ImageId)), situation.Digests, ReturnJudgement.LevelOf(situation));

    /// <summary>The point before a run that was killed halfway and that nothing has finished since; null when there is none.</summary>
    /// <param name="statePath">The deployment's state folder.</param>
    public static ReturnPoint? OfUnfinishedRun(string statePath) => UnfinishedRun.List(statePath) is [.., var oldest]
        ? FromJournal(oldest, Path.Combine(statePath, "runs", oldest, "journal.jsonl"))
        : null;

    /// <summary>The point before the newest run that changed the deployment, read from its journal; null when there is none.</summary>
    /// <param name="statePath">The deployment's state folder.</param>
    /// <param name="except">The run that asks.</param>
    public static ReturnPoint? OfLastRun(string statePath, string except)
    {
        var runs = Path.Combine(statePath, "runs");
        if (!Directory.Exists(runs))
            return null;
        return Directory.EnumerateDirectories(runs)
            .Select(Path.GetFileName)
            .OfType<string>()
            .Where(id => id != except)
            .OrderDescending(StringComparer.Ordinal)
            .Select(id => FromJournal(id, Path.Combine(runs, id, "journal.jsonl")))
            .FirstOrDefault(point => point is not null);
    }

    /// <summary>Whether a situation is already this point.</summary>
    public bool IsRunIn(Situation situation) =>
        situation.Pin == Pin && situation.Services.All(state => state.IsHealthy && (ImageId is null || state.Container?.ImageId == ImageId));

    private static ReturnPoint? FromJournal(string id, string journal)
    {
        if (!File.Exists(journal))
            return null;
        ReturnPoint? point = null;
        var changed = false;
        string? target = null;
        foreach (var line in File.ReadLines(journal))
        {
            if (Parse(line) is not { } entry)
                continue;
            switch (entry["event"]?.ToString())
            {
                case BesideEvent:
                    return null;
                case Event:
                    point = FromFacts(id, entry);
                    break;
                case "changing":
                    changed = true;
                    target = entry["image"]?.ToString();
                    break;
            }
        }
        return changed && point is not null ? point with { TargetImageId = target } : null;
    }

    private static ReturnPoint FromFacts(string id, JsonObject entry) => new(
        id, entry["tag"]?.ToString(), entry["pin"]?.ToString(), entry["image"]?.ToString(),
        (entry["digests"] as JsonObject)?.ToDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "", StringComparer.Ordinal) ?? [],
        Enum.TryParse<ServiceLevel>(entry["level"]?.ToString(), out var level) ? level : ServiceLevel.Down);

    private static string? RunningPin(Situation situation) => situation.RunningTag is not { } tag ? situation.Pin
        : Cutover.Pin.Value(tag, OnlyOne(situation.Services.Select(state => state.Digest)));

    // A torn last line is what a crash leaves; what it would have said is looked up in the deployment itself.
    private static JsonObject? Parse(string line) => Reports.JsonFacts.Parse(line);

    private static string? OnlyOne(IEnumerable<string?> images) => images.Distinct().ToList() is [{ } only] ? only : null;
}
