using System.Text.RegularExpressions;
using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;
using Runback.Runbook.Restores;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>What a run finds of those that were ended halfway: what their journals say, and what is really there.</summary>
/// <param name="Runs">The runs, newest first; never none.</param>
/// <param name="Now">What was observed now.</param>
/// <param name="Databases">What restores have left beside the application's database; null when that can't be read.</param>
/// <param name="Origin">What ran before them, where that explains what runs now; null where it doesn't, or nobody can tell.</param>
public sealed partial record Takeover(IReadOnlyList<RunRecord> Runs, Situation Now, RestoreState? Databases, ReturnPoint? Origin)
{
    /// <summary>Looks at what runs that were ended halfway have left.</summary>
    /// <param name="runs">The runs, newest first.</param>
    /// <param name="now">What was observed.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="shell">Runs the reading commands.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<Takeover> ReadAsync(IReadOnlyList<RunRecord> runs, Situation now, Deployment deployment, Shell shell, CancellationToken cancellation)
    {
        var origin = ReturnPoint.OfUnfinished(runs);
        return new Takeover(runs, now, await DatabasesAsync(deployment, shell, cancellation), origin?.ExplainsWhatRuns(now) == true ? origin : null);
    }

    /// <summary>Whether a run goes on from what they have left.</summary>
    public bool IsTakenUp => Origin is not null;

    /// <summary>
    /// The emergency strategy whose database part they have done already; null when none has. A swapped database is known by its mark; a downgrade by
    /// revisions that are the target's now and weren't when its run began.
    /// </summary>
    /// <param name="targetHeads">The heads in the target's image.</param>
    public Strategy? Done(IReadOnlyList<string> targetHeads) =>
        !IsTakenUp ? null
        : Swapped is not null ? Strategy.Restore
        : Downgraded(targetHeads) is not null ? Strategy.Downgrade
        : null;

    /// <summary>The database that one of them has put aside, or null.</summary>
    public MarkedDatabase? Swapped => Databases?.Kept.FirstOrDefault(kept => Runs.Any(run => run.Id == kept.Mark.Run));

    /// <summary>The run among them that brought the database down to the target's revisions, or null.</summary>
    /// <param name="targetHeads">The heads in the target's image.</param>
    public RunRecord? Downgraded(IReadOnlyList<string> targetHeads) =>
        Now.Revisions is { Count: > 0 } now && now.ToHashSet(StringComparer.Ordinal).SetEquals(targetHeads)
            ? Runs.LastOrDefault(run => run is { Course: nameof(Course.Downgrade), Revisions: { Count: > 0 } before } && !now.ToHashSet(StringComparer.Ordinal).SetEquals(before))
            : null;

    /// <summary>All of it in one paragraph.</summary>
    /// <param name="database">The application's database.</param>
    public string Paragraph(string database) => string.Join(' ', [.. Runs.Reverse().Select(Sentence), Found(database), Next]);

    private static async Task<RestoreState?> DatabasesAsync(Deployment deployment, Shell shell, CancellationToken cancellation)
    {
        try
        {
            return await RestoreState.ReadAsync(await PostgresServer.OfAsync(deployment, shell, cancellation), cancellation);
        }
        catch (RunbookException)
        {
            return null;
        }
    }

    private static string Sentence(RunRecord run)
    {
        var who = string.Join(", ", new[] { run.Target is null ? null : run.Target + (run.Tag is null ? "" : $" to {run.Tag}"), run.By is null ? null : $"by {run.By}", $"begun {run.BeganAt:yyyy-MM-dd HH:mm:ss} UTC" }.OfType<string>());
        return run.Problem is { } problem
            ? $"Whether run {run.Id} was ended halfway can't be told: {problem}."
            : $"Run {run.Id} ({who}) was ended halfway. {Changes(run)}";
    }

    private static string Changes(RunRecord run) =>
        run.LastBegun is not { } last ? "Its journal names no change that it began."
        : last == run.LastMade ? $"The last change that it made is `{Short(last.Command)}`{Time(last)}."
        : $"The last change that it began is `{Short(last.Command)}`{Time(last)}, and whether it was made isn't written{(run.LastMade is { } made ? $"; made before it was `{Short(made.Command)}`" : "")}.";

    private string Found(string database) =>
        $"Found now: {string.Join(", ", Now.Services.Select(state => $"{state.Service} {(state.Container is null ? "has no container" : $"on {state.Tag} ({state.Container.Condition})")}"))}"
        + $"; pinned {Now.Pin ?? "nowhere"}; {database} at {(Now.Revisions is { } revisions ? string.Join(", ", revisions) : $"an unknown revision ({Now.RevisionsProblem})")}{Before()}; {Beside()}.";

    private string Before() => Runs[^1].Revisions is { } before && Now.Revisions is { } now
        ? before.ToHashSet(StringComparer.Ordinal).SetEquals(now) ? ", as then" : $", then at {string.Join(", ", before)}"
        : "";

    private string Beside() => Databases switch
    {
        null => "the other databases can't be read",
        { Marked.Count: 0 } => "no database of a restore",
        var state => string.Join(", ", state.Marked.Select(each => $"{each.Name} ({Stage(each.Mark.Stage)}, run {each.Mark.Run})")),
    };

    private static string Stage(RestoreStage stage) => stage switch
    {
        RestoreStage.Before => "the database as it was before a restore",
        RestoreStage.Returned => "a restored database that was put aside again",
        _ => "an unfinished copy",
    };

    private string Next =>
        IsTakenUp ? $"The same command goes on from what is there; the way back leads to {Origin!.Tag ?? "what ran then"}, by Return."
        : Runs.Any(run => run.Problem is not null) ? "Nothing is concluded from it: what is there decides alone."
        : "What runs is neither what that run left nor what it headed for: somebody has deployed since, and a run begins from what is there.";

    // One line of several, and no longer than a person reads.
    private static string Short(string command)
    {
        const int Longest = 160;
        var line = ComposeOptions().Replace(command.ReplaceLineEndings(" "), " \u2026");
        return line.Length <= Longest ? line : line[..Longest] + "\u2026";
    }

    // What every Compose command of a deployment has says nothing of what it does.
    [GeneratedRegex(@"(?<=^docker compose)(?: --(?:project-name|env-file|file) (?:'[^']*'|\S+))+")]
    private static partial Regex ComposeOptions();

    private static string Time(JournalChange change) => change.At is { } at ? $" ({at:HH:mm:ss} UTC)" : "";
}
