using Spectre.Console;

namespace Runback.Runbook.Runs;

/// <summary>A console for what is drawn again and again.</summary>
public static class LiveConsole
{
    /// <summary>The terminal on standard output, or null when there is none or it can't draw.</summary>
    public static IAnsiConsole? OnTerminal()
    {
        if (Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") is "dumb")
            return null;
        // Straight to the terminal: what is drawn over and over is no line of the transcript.
        var writer = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        return console.Profile.Capabilities.Ansi ? console : null;
    }
}
