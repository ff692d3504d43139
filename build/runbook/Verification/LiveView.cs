using Spectre.Console;
using Spectre.Console.Rendering;

namespace Runback.Runbook.Verification;

/// <summary>
/// Something that is drawn on a terminal again and again in the same place. In a window that was made another size meanwhile it is drawn anew on an empty
/// screen, since nobody knows where the terminal has put the old lines.
/// </summary>
/// <param name="console">The terminal.</param>
public sealed class LiveView(IAnsiConsole console) : IDisposable
{
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";
    private int _lines;
    private (int Width, int Height) _size;

    /// <summary>Draws it over what was drawn before.</summary>
    /// <param name="fitting">What to draw for so many columns and lines.</param>
    public void Draw(Func<int, int, IRenderable> fitting)
    {
        var size = (console.Profile.Width, console.Profile.Height);
        var lines = Text(fitting(size.Width, size.Height), size.Width).TrimEnd('\n').Split('\n');
        // The last line of the window stays free: the cursor waits there.
        var shown = lines[Math.Max(0, lines.Length - (size.Height - 1))..];
        var before = _lines == 0 ? "" : _size == size ? $"\r\e[{_lines}A\e[J" : "\e[H\e[2J";
        // In one piece, so that nothing flickers.
        console.Profile.Out.Writer.Write(HideCursor + before + string.Join('\n', shown) + "\n");
        console.Profile.Out.Writer.Flush();
        (_lines, _size) = (shown.Length, size);
    }

    /// <summary>Shows the cursor again, below what was drawn.</summary>
    public void Dispose()
    {
        console.Profile.Out.Writer.Write(ShowCursor);
        console.Profile.Out.Writer.Flush();
    }

    private string Text(IRenderable content, int width)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var drawing = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text) });
        drawing.Profile.Width = width;
        drawing.Profile.Capabilities.ColorSystem = console.Profile.Capabilities.ColorSystem;
        drawing.Write(content);
        return text.ToString().ReplaceLineEndings("\n");
    }
}
