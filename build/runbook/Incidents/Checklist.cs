using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Runback.Runbook.Backups;

namespace Runback.Runbook.Incidents;

/// <summary>The six lines of the runbook's pre-rollback checklist.</summary>
public enum ChecklistItem
{
    /// <summary>Incident declared.</summary>
    Incident,

    /// <summary>Backup taken.</summary>
    BackupTaken,

    /// <summary>Backup verified.</summary>
    BackupVerified,

    /// <summary>Impact assessed.</summary>
    Impact,

    /// <summary>Forward-fix evaluated.</summary>
    ForwardFix,

    /// <summary>Stakeholders notified.</summary>
    Stakeholders,
}

/// <summary>How a line is answered.</summary>
public enum ChecklistState
{
    /// <summary>By what was observed or given.</summary>
    Answered,

    /// <summary>Not yet.</summary>
    Missing,

    /// <summary>It was tried, and failed.</summary>
    Failed,
}

/// <summary>A line of the checklist.</summary>
/// <param name="Item">Which.</param>
/// <param name="Title">Its title in the runbook.</param>
/// <param name="State">How it is answered.</param>
/// <param name="Evidence">By what, in a line.</param>
/// <param name="Required">Whether the strategy requires it.</param>
/// <param name="Hint">What to do when it isn't answered, or null.</param>
/// <param name="Link">Where more is found, or null.</param>
public sealed record ChecklistLine(
    ChecklistItem Item, string Title, ChecklistState State, string Evidence, bool Required, string? Hint = null, Uri? Link = null)
{
    /// <summary>Whether the strategy requires it and it isn't answered.</summary>
    [JsonIgnore]
    public bool Blocks => Required && State != ChecklistState.Answered;
}

/// <summary>The checklist, each line answered by what was observed or given and not by a tick.</summary>
/// <param name="Lines">The six lines, in the runbook's order.</param>
public sealed record Checklist(IReadOnlyList<ChecklistLine> Lines)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The lines that the strategy requires and that aren't answered: what a gate refuses for.</summary>
    [JsonIgnore]
    public IReadOnlyList<ChecklistLine> Blocking => [.. Lines.Where(line => line.Blocks)];

    /// <summary>Answers the checklist.</summary>
    public static Checklist Of(ChecklistFacts facts) =>
        new([Incident(facts), BackupTaken(facts), BackupVerified(facts), ImpactAssessed(facts), ForwardFix(facts), Stakeholders(facts)]);

    /// <summary>The checklist as JSON: <c>{"lines":[{"item","title","state","evidence","required","hint","link"}]}</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    private static ChecklistLine Incident(ChecklistFacts facts) => string.IsNullOrWhiteSpace(facts.Incident)
        ? Line(facts, ChecklistItem.Incident, ChecklistState.Missing, "none was given", "declare one, and name it with --incident")
        : Line(facts, ChecklistItem.Incident, ChecklistState.Answered, PlainText.Line(facts.Incident)) with { Link = facts.IncidentUrl };

    private static ChecklistLine BackupTaken(ChecklistFacts facts)
    {
        if (facts.BackupFile is not null)
        {
            var size = facts.BackupBytes is { } bytes ? $", {bytes / 1e6:0.0} MB" : "";
            var at = facts.BackupAt is { } when ? $", {when.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : "";
            return Line(facts, ChecklistItem.BackupTaken, ChecklistState.Answered, $"{PlainText.Line(Path.GetFileName(facts.BackupFile))}{at}{size}");
        }
        return facts.BackupFailure is null
            ? Line(facts, ChecklistItem.BackupTaken, ChecklistState.Missing, "none was taken", "./build.sh Backup takes one; Rollback takes its own")
            : Line(facts, ChecklistItem.BackupTaken, ChecklistState.Failed, PlainText.Line(facts.BackupFailure), "see why, and run ./build.sh Backup again");
    }

    // A restore leads to another backup than the one that is taken first: both are named.
    private static ChecklistLine BackupVerified(ChecklistFacts facts)
    {
        var line = Verified(facts);
        return facts.RestorePoint is { } point ? line with { Evidence = $"{line.Evidence}; the restore point is {PlainText.Line(Path.GetFileName(point))}" } : line;
    }

    private static ChecklistLine Verified(ChecklistFacts facts)
    {
        if (facts.VerifyFailure is not null)
            return Line(facts, ChecklistItem.BackupVerified, ChecklistState.Failed, PlainText.Line(facts.VerifyFailure), "take another backup: this one can't be relied on");
        if (facts.VerifiedLevel is not { } level)
            return Line(facts, ChecklistItem.BackupVerified, ChecklistState.Missing, "not verified", "./build.sh VerifyBackup");
        var at = facts.VerifiedAt is { } when ? $" at {when.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : "";
        var needed = ChecklistRequirements.Of(facts.Strategy, ChecklistItem.BackupVerified)?.Level ?? VerifyLevel.Checksum;
        return level >= needed
            ? Line(facts, ChecklistItem.BackupVerified, ChecklistState.Answered, $"verified to {level}{at}")
            : Line(facts, ChecklistItem.BackupVerified, ChecklistState.Missing, $"verified to {level}{at}; {facts.Strategy} needs {needed}", $"--verify-level {needed}");
    }

    private static ChecklistLine ImpactAssessed(ChecklistFacts facts)
    {
        var impact = Incidents.Impact.Of(facts);
        return impact.Kind == ImpactKind.Unknown
            ? Line(facts, ChecklistItem.Impact, ChecklistState.Missing, Joined("nothing observed tells application from database", impact.Evidence),
                "./build.sh Assess shows the migrations, ./build.sh Verify what fails")
            : Line(facts, ChecklistItem.Impact, ChecklistState.Answered,
                Joined(impact.Kind == ImpactKind.Both ? "application and database" : impact.Kind.ToString().ToLowerInvariant(), impact.Evidence));
    }

    private static ChecklistLine ForwardFix(ChecklistFacts facts) => string.IsNullOrWhiteSpace(facts.Reason)
        ? Line(facts, ChecklistItem.ForwardFix, ChecklistState.Missing, "no reason was given", "say with --reason why a forward-fix is not feasible")
        : Line(facts, ChecklistItem.ForwardFix, ChecklistState.Answered, $"not feasible: {PlainText.Line(facts.Reason)}");

    private static ChecklistLine Stakeholders(ChecklistFacts facts)
    {
        var told = facts.Announcements.Where(result => result.Delivered).ToList();
        var silent = facts.Announcements.Where(result => !result.Delivered).Select(result => result.Channel)
            .Except(told.Select(result => result.Channel)).ToList();
        if (told.Count > 0)
        {
            var channels = told.Select(result => result.Channel).Distinct();
            var missed = silent.Count == 0 ? "" : $"; not told: {string.Join(", ", silent)}";
            return Line(facts, ChecklistItem.Stakeholders, ChecklistState.Answered,
                $"{string.Join(", ", channels)} at {told.Min(result => result.At).UtcDateTime:HH:mm:ss} UTC{missed}");
        }
        if (silent.Count > 0)
            return Line(facts, ChecklistItem.Stakeholders, ChecklistState.Failed, $"nobody was told: {string.Join("; ", facts.Announcements.Select(result => result.ToString()).Distinct())}",
                "tell the team by hand");
        return facts.Channels > 0
            ? Line(facts, ChecklistItem.Stakeholders, ChecklistState.Missing, $"not yet; {facts.Channels} {(facts.Channels == 1 ? "channel" : "channels")} in the profile", "./build.sh Announce; Rollback announces by itself")
            : Line(facts, ChecklistItem.Stakeholders, ChecklistState.Missing, "the profile names no channel",
                "tell the team by hand, and name a channel in the profile (announce-to)");
    }

    private static ChecklistLine Line(ChecklistFacts facts, ChecklistItem item, ChecklistState state, string evidence, string? hint = null) =>
        new(item, TitleOf(item), state, evidence, ChecklistRequirements.Of(facts.Strategy, item) is not null, hint);

    private static string TitleOf(ChecklistItem item) => item switch
    {
        ChecklistItem.Incident => "Incident declared",
        ChecklistItem.BackupTaken => "Backup taken",
        ChecklistItem.BackupVerified => "Backup verified",
        ChecklistItem.Impact => "Impact assessed",
        ChecklistItem.ForwardFix => "Forward-fix evaluated",
        _ => "Stakeholders notified",
    };

    private static string Joined(string first, IReadOnlyList<string> evidence) => evidence.Count == 0 ? first : $"{first}: {string.Join("; ", evidence)}";
}
