using Spectre.Console;

namespace Runback.Runbook.Runs;

/// <summary>A console for tables that go into a pipe or a file: no colour, no escapes, one width.</summary>
public static class PlainConsole
{
    /// <summary>Makes one.</summary>
    /// <param name="writer">Where it writes.</param>
    /// <param name="width">How wide a line may be, in characters.</param>
    public static IAnsiConsole On(TextWriter writer, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        return console;
    }
}
