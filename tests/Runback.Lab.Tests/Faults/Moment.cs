namespace Runback.Lab.Tests.Faults;

/// <summary>When a fault is put in: before the program is started, or as soon as its journal holds a line.</summary>
/// <param name="Event">The line's event; empty for before the start.</param>
/// <param name="Part">A part of the change's command, with <c>*</c> for anything in between; or the step's name.</param>
/// <param name="Number">Which of the lines that fit, from 1.</param>
/// <param name="Ended">Whether it is the change's end that is waited for.</param>
internal sealed record Moment(string Event, string Part, int Number = 1, bool Ended = false)
{
    /// <summary>Before the program is started.</summary>
    public static Moment Start { get; } = new("", "");

    /// <summary>As soon as it is written down that a change begins.</summary>
    public static Moment Begun(string part, int number = 1) => new("change", part, number);

    /// <summary>As soon as it is written down that a change is made.</summary>
    public static Moment Done(string part, int number = 1) => new("change", part, number, Ended: true);

    /// <summary>As soon as a step begins.</summary>
    public static Moment Step(string name) => new("step", name);

    /// <summary>As soon as a step has ended.</summary>
    public static Moment Stepped(string name) => new("stepped", name);

    /// <summary>Whether a journal's line is such a one.</summary>
    public bool Fits(System.Text.Json.Nodes.JsonObject line) =>
        line["event"]?.ToString() == Event && (Event == "change" ? Holds(line["command"]!.ToString(), Part) : line["name"]?.ToString() == Part);

    /// <summary>Whether a command holds a part, with <c>*</c> for anything in between.</summary>
    public static bool Holds(string command, string part)
    {
        var position = 0;
        foreach (var piece in part.Split('*'))
        {
            var found = command.IndexOf(piece, position, StringComparison.Ordinal);
            if (found < 0)
                return false;
            position = found + piece.Length;
        }
        return true;
    }
}
