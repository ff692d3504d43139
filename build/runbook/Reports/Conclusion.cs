using Runback.Runbook.Runs;

namespace Runback.Runbook.Reports;

/// <summary>How a run ended, in the words of a report's first line.</summary>
/// <param name="Title">The line.</param>
/// <param name="Tone">How it is to be taken.</param>
public sealed record Conclusion(string Title, Tone Tone)
{
    /// <summary>The conclusion of a run.</summary>
    public static Conclusion Of(ReportModel model) => Of(model.Outcome, model.Result.Text("outcome"), model.From, model.To, model.IsDryRun);

    /// <summary>The conclusion of an outcome.</summary>
    /// <param name="outcome">The outcome; null when there is none, or one that this version doesn't know.</param>
    /// <param name="written">The outcome as it is written in the result, or null.</param>
    /// <param name="from">The release before.</param>
    /// <param name="to">The release that was asked for.</param>
    /// <param name="isDryRun">Whether changes were only printed.</param>
    public static Conclusion Of(Outcome? outcome, string? written, string? from, string? to, bool isDryRun) => outcome switch
    {
        Outcome.Done when isDryRun => new("Dry run: nothing was changed", Tone.Good),
        Outcome.Done => new(to is null ? "Done" : $"Done: {to} runs", Tone.Good),
        Outcome.Refused => new("Refused: nothing was changed", Tone.Caution),
        Outcome.Usage => new("Can't be run like this: nothing was changed", Tone.Caution),
        Outcome.Locked => new("Held by another run: nothing was changed", Tone.Caution),
        Outcome.Returned => new($"Failed: {from ?? "what ran before"} runs again as it was found", Tone.Caution),
        Outcome.Failed => new("Failed: a person must look", Tone.Bad),
        Outcome.Error => new("Ended by an error", Tone.Bad),
        _ => new(written is null ? "No result: it still runs, or was ended halfway" : $"Ended as \u201c{written}\u201d, which this version doesn't know", Tone.Caution),
    };
}
