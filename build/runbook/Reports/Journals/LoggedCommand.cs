namespace Runback.Runbook.Reports.Journals;

/// <summary>A command that ran, as the journal tells it.</summary>
/// <param name="Text">The line that a person could paste.</param>
/// <param name="IsChange">Whether it changes something.</param>
/// <param name="At">When it began, UTC; null when unknown.</param>
/// <param name="Seconds">How long it took; null when it has no end.</param>
/// <param name="ExitCode">Its exit code; null for a change that isn't one command, and for one without an end.</param>
/// <param name="Failure">Why the change failed, or null.</param>
public sealed record LoggedCommand(string Text, bool IsChange, DateTimeOffset? At, double? Seconds, int? ExitCode, string? Failure)
{
    /// <summary>Whether it failed.</summary>
    public bool HasFailed => Failure is not null || (IsChange && ExitCode is not (null or 0));

    /// <summary>Whether it was begun and never ended.</summary>
    public bool IsOpen => Seconds is null;

    /// <summary>
    /// The commands of a journal, in the order in which they began. A change that is one command stands in the journal twice, as the change and as
    /// what ran: it is one here.
    /// </summary>
    public static IReadOnlyList<LoggedCommand> Of(IEnumerable<JournalEntry> entries)
    {
        var commands = new List<LoggedCommand>();
        var open = new Dictionary<double, int>();
        foreach (var (at, name, facts) in entries)
        {
            var seconds = facts.Number("seconds");
            if (name == "change" && facts.Text("command") is { } change)
            {
                if (facts.Number("number") is { } number)
                    open[number] = commands.Count;
                commands.Add(new(change, true, at, null, null, null));
            }
            else if (name is "changed" or "failed" && facts.Number("number") is { } number && open.Remove(number, out var index))
            {
                commands[index] = commands[index] with { Seconds = seconds ?? 0, Failure = name == "failed" ? facts.Text("why") ?? "it failed" : null };
            }
            else if (name == "ran" && facts.Text("command") is { } ran)
            {
                var exitCode = facts.Number("exitCode") is { } code and >= int.MinValue and <= int.MaxValue ? (int?)code : null;
                var same = open.Values.Where(position => commands[position] is { ExitCode: null } begun && begun.Text == ran).Select(position => (int?)position).FirstOrDefault();
                if (same is { } position)
                    commands[position] = commands[position] with { ExitCode = exitCode };
                else
                    commands.Add(new(ran, false, Before(at, seconds), seconds ?? 0, exitCode, null));
            }
        }
        return [.. commands.OrderBy(command => command.At ?? DateTimeOffset.MinValue)];
    }

    private static DateTimeOffset? Before(DateTimeOffset? at, double? seconds) =>
        at is { } end && seconds is { } took and > 0 and < 1e8 && end - DateTimeOffset.MinValue > TimeSpan.FromSeconds(took) ? end - TimeSpan.FromSeconds(took) : at;
}
