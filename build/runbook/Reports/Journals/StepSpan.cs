namespace Runback.Runbook.Reports.Journals;

/// <summary>When a step ran.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="From">When it began, UTC.</param>
/// <param name="To">When it ended, UTC; null when it has no end.</param>
/// <param name="Outcome">How it ended; null when it has no end.</param>
public sealed record StepSpan(string Name, DateTimeOffset From, DateTimeOffset? To, string? Outcome)
{
    /// <summary>Whether it ended well.</summary>
    public bool IsDone => Outcome is "Done" or "Skipped";

    /// <summary>How long it took, in seconds; null when it has no end.</summary>
    public double? Seconds => To is { } to ? (to - From).TotalSeconds : null;

    /// <summary>The steps of a journal, in the order in which they began.</summary>
    public static IReadOnlyList<StepSpan> Of(IEnumerable<JournalEntry> entries)
    {
        var spans = new List<StepSpan>();
        foreach (var (at, name, facts) in entries)
        {
            if (at is not { } time || facts.Text("name") is not { } step)
                continue;
            if (name == "step")
            {
                spans.Add(new(step, time, null, null));
            }
            else if (name == "stepped" && spans.FindIndex(span => span.Name == step && span.To is null) is >= 0 and var index)
            {
                // A clock that was set back meanwhile must not give a span that ends before it begins.
                spans[index] = spans[index] with { To = time < spans[index].From ? spans[index].From : time, Outcome = facts.Text("outcome") ?? "Done" };
            }
        }
        return spans;
    }
}
