using System.Text.Json.Nodes;
using Runback.Runbook.Reports.Journals;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Reports;

/// <summary>
/// What a report shows: a run's result and journal, and a drill's measurements and traffic. It is read from their JSON, leniently, so that runs of
/// another version, killed ones and torn files still give a report.
/// </summary>
public sealed record ReportModel
{
    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>The content of <c>result.json</c>; empty when the run has none.</summary>
    public JsonObject Result { get; init; } = [];

    /// <summary>The journal.</summary>
    public JournalReading Journal { get; init; } = new([], []);

    /// <summary>The content of <c>drill.json</c>; null when the run isn't a drill.</summary>
    public JsonObject? Drill { get; init; }

    /// <summary>A drill's traffic, in the order in which it was sent.</summary>
    public IReadOnlyList<TrafficPoint> Traffic { get; init; } = [];

    /// <summary>What couldn't be read, as sentences for people.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The commands that ran, in the order in which they began.</summary>
    public IReadOnlyList<LoggedCommand> Commands => field ??= LoggedCommand.Of(Journal.Entries);

    /// <summary>When each step ran, in the order in which they began.</summary>
    public IReadOnlyList<StepSpan> Steps => field ??= StepSpan.Of(Journal.Entries);

    /// <summary>What each section says, with its title; a section that says nothing is left out.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<Block> Blocks)> Sections => field ??=
        [.. ReportSections.All.Select(section => (section.Title, (IReadOnlyList<Block>)[.. section.Blocks(this)])).Where(section => section.Item2.Count > 0)];

    /// <summary>The target that was asked for.</summary>
    public string Target => Result.Text("target") ?? Begin?.Facts.Text("target") ?? "Run";

    /// <summary>How it ended; null when there is no result, or one of an outcome that this version doesn't know.</summary>
    public Outcome? Outcome => Enum.TryParse<Outcome>(Result.Text("outcome"), out var outcome) && Enum.IsDefined(outcome) ? outcome : null;

    /// <summary>Whether changes were only printed.</summary>
    public bool IsDryRun => Result.Flag("dryRun") == true;

    /// <summary>Whether the journal says that the deployment was changed.</summary>
    public bool HasChanged => Journal.Entries.Any(entry => entry.Event == "changing");

    /// <summary>Whether the database was brought to other revisions, or another one was put in its place.</summary>
    public bool HasMovedDatabase => Journal.Entries.Any(entry => entry.Event is "moved" or "swapped")
        || (Result.Get("database") is { } database && database.Get("after") is not null && !database.Texts("before").SequenceEqual(database.Texts("after")));

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset? StartedAt => Result.Time("startedAt") ?? Journal.Entries.FirstOrDefault(entry => entry.At is not null)?.At;

    /// <summary>When it ended, UTC; for a run without an end, when it was last heard of.</summary>
    public DateTimeOffset? EndedAt => Result.Time("endedAt") ?? Journal.Entries.LastOrDefault(entry => entry.At is not null)?.At;

    /// <summary>How long it took, in seconds.</summary>
    public double? Seconds => StartedAt is { } from && EndedAt is { } to && to >= from ? (to - from).TotalSeconds : null;

    /// <summary>The tag of the release that ran before.</summary>
    public string? From => Result.Get("from").Text("tag") ?? Drill.Text("from");

    /// <summary>The tag of the release that was verified at the end, or that was headed for.</summary>
    public string? To => Result.Get("to").Text("tag") ?? Drill.Text("to") ?? Journal.Entries.LastOrDefault(entry => entry.Event == "target")?.Facts.Text("tag");

    /// <summary>The journal's first line.</summary>
    public JournalEntry? Begin => Journal.Entries.FirstOrDefault(entry => entry.Event == "begin");

    /// <summary>Reads a run's folder.</summary>
    public static ReportModel Read(string folder) => Of(JsonFacts.Read(Path.Combine(folder, "result.json")), folder);

    /// <summary>Puts a result together with what else is in the run's folder.</summary>
    /// <param name="result">The result as JSON, in which secrets are masked; null when there is none.</param>
    /// <param name="folder">The run's folder.</param>
    public static ReportModel Of(JsonObject? result, string folder)
    {
        var remarks = new List<string>();
        if (result is null)
        {
            remarks.Add(File.Exists(Path.Combine(folder, "result.json"))
                ? "The result can't be read: it isn't the JSON document that a run writes."
                : "There is no result: the run still goes on, or was ended before it could write one.");
        }
        var drill = JsonFacts.Read(Path.Combine(folder, "drill.json"));
        if (drill is null && File.Exists(Path.Combine(folder, "drill.json")))
            remarks.Add("The drill's measurements can't be read.");
        var journal = JournalReading.Read(Path.Combine(folder, "journal.jsonl"));
        return new ReportModel
        {
            Run = result.Text("run") ?? Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar)),
            Result = result ?? [],
            Journal = journal,
            Drill = drill,
            Traffic = TrafficPoint.Read(Path.Combine(folder, "traffic.jsonl")),
            Remarks = [.. remarks, .. journal.Remarks],
        };
    }
}
