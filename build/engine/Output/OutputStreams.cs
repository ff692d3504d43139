namespace Runback.Engine.Output;

/// <summary>
/// Standard output and standard error of this process: whole lines, without secrets, with the target's name in front while several run.
/// A reader that has gone away doesn't end the run.
/// </summary>
internal sealed class OutputStreams(TextWriter output, TextWriter error, SecretMask mask)
{
    private readonly Lock gate = new();
    private readonly HashSet<ExecutableTarget> shared = [];
    private readonly Dictionary<TextWriter, bool> lineIsOpen = new() { [output] = false, [error] = false };

    /// <summary>Whether anything has been written to standard output.</summary>
    public bool OutputUsed { get; private set; }

    /// <summary>Why something could not be written to standard output; null when all was.</summary>
    public (string Message, bool IsReaderGone)? OutputFailure { get; private set; }

    /// <summary>Whether what the build writes to <see cref="Console.Out"/> goes to standard error.</summary>
    public bool OutputIsDiverted { get; set; }

    public SecretMask Mask => mask;

    /// <summary>From now on this target's lines carry its name.</summary>
    public void Share(ExecutableTarget target)
    {
        lock (gate)
            shared.Add(target);
    }

    /// <summary>What stands before a target's lines; null when it has the streams for itself.</summary>
    public string? PrefixOf(ExecutableTarget? target)
    {
        lock (gate)
            return target is not null && shared.Contains(target) ? $"{target.Name}: " : null;
    }

    /// <summary>Writes text of the build, complete lines or a part of one.</summary>
    /// <param name="toError">To standard error.</param>
    /// <param name="text">Already masked.</param>
    public void Write(bool toError, string text)
    {
        if (text.Length == 0)
            return;
        var writer = toError || OutputIsDiverted ? error : output;
        lock (gate)
        {
            OutputUsed |= writer == output;
            Print(writer, text);
            lineIsOpen[writer] = text[^1] != '\n';
        }
    }

    /// <summary>Writes a line of the engine's own.</summary>
    public void WriteLine(bool toError, string line, bool masked = true)
    {
        var text = masked ? mask.Apply(line) : line;
        var writer = toError ? error : output;
        lock (gate)
        {
            OutputUsed |= writer == output;
            Print(writer, lineIsOpen[writer] ? $"\n{text}\n" : $"{text}\n");
            lineIsOpen[writer] = false;
        }
    }

    private void Print(TextWriter writer, string text)
    {
        try
        {
            writer.Write(text);
            writer.Flush();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The reader is gone (a closed pipe or terminal). The run matters more than its output, and whoever wants a document is told at the end.
            if (writer == output)
                OutputFailure ??= (exception.Message, exception is ObjectDisposedException || exception.HResult == StandardStream.BrokenPipe);
        }
    }
}
