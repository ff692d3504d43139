using Runback.Runbook.Reports.Journals;

namespace Runback.Runbook.Reports.Sections;

/// <summary>Every command that ran, with when it began, how long it took and how it ended.</summary>
public sealed class CommandsSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Commands";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        var commands = model.Commands;
        if (commands.Count == 0)
            yield break;
        var changes = commands.Where(command => command.IsChange).ToList();
        yield return new Paragraph($"{Words.Count(commands.Count, "command")} ran, {changes.Count} of them to change something. Each can be pasted into a shell on the host that this ran on.");
        if (changes.Count > 0)
            yield return Table("Changes, in the order in which they began", changes);
        yield return new Folded($"All {Words.Count(commands.Count, "command")}", [Table("Commands, in the order in which they began", commands)]);
    }

    private static Table Table(string caption, IReadOnlyList<LoggedCommand> commands) => new(
        caption, ["Began", new("Took", IsNumber: true), new("Exit code", IsNumber: true), "Command"], [.. commands.Select(Row)]);

    private static IReadOnlyList<Cell> Row(LoggedCommand command) =>
    [
        command.At is { } at ? Words.Clock(at) : "",
        command.IsOpen ? Cell.Of(Tone.Caution, "no end") : Words.Duration(command.Seconds),
        command switch
        {
            { ExitCode: 0, Failure: null } => "0",
            { ExitCode: { } code } => Cell.Of(command.HasFailed ? Tone.Bad : Tone.Quiet, $"{code}"),
            { Failure: not null } => Cell.Of(Tone.Bad, "failed"),
            _ => "",
        },
        new([new(command.Text, SpanKind.Code), new(command.Failure is { } why ? $" {why}" : "")]),
    ];
}
