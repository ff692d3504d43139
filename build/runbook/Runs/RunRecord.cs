using System.Globalization;
using System.Text.Json.Nodes;

namespace Runback.Runbook.Runs;

/// <summary>A change as a journal tells of it.</summary>
/// <param name="Command">The change as a person would make it.</param>
/// <param name="At">When it was begun, UTC; null where the journal doesn't say.</param>
public sealed record JournalChange(string Command, DateTimeOffset? At);

/// <summary>
/// A run as its journal tells of it, whole, torn or foreign. A torn line is what a crash leaves: what it would have said is looked up in the deployment
/// itself. A journal that can't be read, or that a newer version wrote, says nothing: its run counts as unfinished, and nothing is concluded from it.
/// </summary>
/// <param name="Id">The run's id.</param>
public sealed record RunRecord(string Id)
{
    /// <summary>Why nothing can be concluded from the journal; null when it can be read.</summary>
    public string? Problem { get; init; }

    /// <summary>What was asked for, or null.</summary>
    public string? Target { get; init; }

    /// <summary>The release that it was headed for, or null.</summary>
    public string? Tag { get; init; }

    /// <summary>Who ran it, as user@host, or null.</summary>
    public string? By { get; init; }

    /// <summary>When it began, UTC: from its journal, else from its id.</summary>
    public DateTimeOffset BeganAt { get; init; }

    /// <summary>When it began to change the deployment, UTC; null where it didn't, or the journal doesn't say.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>Which one it was of the runs that changed the deployment, from 1; null where it didn't, or the journal doesn't say.</summary>
    public int? Turn { get; init; }

    /// <summary>Whether it began to change the deployment.</summary>
    public bool Changed { get; init; }

    /// <summary>Whether it came to an end of its own.</summary>
    public bool Ended { get; init; }

    /// <summary>How it ended, as its journal or its result names it; null where it didn't, or neither says.</summary>
    public string? Outcome { get; init; }

    /// <summary>When it ended, UTC; null where it didn't, or nothing says.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether it worked on a copy beside the deployment.</summary>
    public bool Beside { get; init; }

    /// <summary>What it did with the database, as its journal names it, or null.</summary>
    public string? Course { get; init; }

    /// <summary>The database's revisions as it found them, or null.</summary>
    public IReadOnlyList<string>? Revisions { get; init; }

    /// <summary>The journal's event of where it came from, or null.</summary>
    public JsonObject? Origin { get; init; }

    /// <summary>The journal's event of the database that it moved, or null.</summary>
    public JsonObject? Moved { get; init; }

    /// <summary>The image that it was headed for, or null.</summary>
    public string? TargetImage { get; init; }

    /// <summary>The last change that it began, whether or not that was made; null when it began none.</summary>
    public JournalChange? LastBegun { get; init; }

    /// <summary>The last change that is known to be made, or null.</summary>
    public JournalChange? LastMade { get; init; }

    /// <summary>Whether it may have left the deployment halfway.</summary>
    public bool IsUnfinished => !Beside && (Problem is not null || (Changed && !Ended));

    /// <summary>Whether it changed the deployment and came to an end.</summary>
    public bool IsSettled => !Beside && Problem is null && Changed && Ended;

    /// <summary>Reads a run's folder.</summary>
    public static RunRecord Read(string folder)
    {
        var id = Path.GetFileName(folder);
        var empty = new RunRecord(id) { BeganAt = TimeOf(id) };
        try
        {
            using var reader = new StreamReader(new FileStream(Path.Combine(folder, Run.JournalName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            var record = new JournalReader(empty).Read(Lines(reader));
            // A journal that couldn't be written to its end may have a result all the same.
            return record is { Changed: true, Ended: false } && RunResult.Read(Path.Combine(folder, Run.ResultName)) is { EndedAt: not null } result && result.Run == id
                ? record with { Ended = true, Outcome = result.Outcome.ToString(), EndedAt = result.EndedAt } : record;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // The journal is there before the first change is.
            return empty;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return empty with { Problem = $"its journal can't be read: {exception.Message}" };
        }
    }

    /// <summary>The moment in a run's id, UTC; the beginning of time for a name that is none.</summary>
    internal static DateTimeOffset TimeOf(string id) =>
        DateTimeOffset.TryParseExact(id.Split('-')[0], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : DateTimeOffset.MinValue;

    private static IEnumerable<JsonObject> Lines(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (Reports.JsonFacts.Parse(line) is { } entry)
                yield return entry;
        }
    }
}
