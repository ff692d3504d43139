using System.Text;
using Runback.Engine.Running;

namespace Runback.Engine.Output;

/// <summary>What targets see as <see cref="Console.Out"/> and <see cref="Console.Error"/>: keeps the unfinished line of each target, and masks what goes out.</summary>
internal sealed class TargetWriter(OutputStreams streams, bool toError) : TextWriter
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, StringBuilder> unfinished = [];

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        lock (gate)
        {
            var target = RunningTarget.Current;
            var buffer = BufferOf(target);
            buffer.Append(value);
            var text = buffer.ToString();
            buffer.Clear();
            var prefix = streams.PrefixOf(target);

            var end = text.LastIndexOf('\n') + 1;
            if (end > 0)
                streams.Write(toError, Lines(text[..end], prefix));
            var rest = text[end..];
            // Alone on the stream, a part of a line (a prompt, a progress bar) shows at once.
            var safe = prefix is null && rest.Length > 0 ? streams.Mask.SafeLength(rest) : 0;
            streams.Write(toError, streams.Mask.Apply(rest[..safe]));
            buffer.Append(rest, safe, rest.Length - safe);
        }
    }

    /// <summary>Ends the line that a target left unfinished.</summary>
    public void EndLine(ExecutableTarget? target)
    {
        lock (gate)
        {
            var buffer = BufferOf(target);
            var rest = buffer.ToString();
            buffer.Clear();
            if (rest.Length > 0)
                streams.Write(toError, Lines(rest + (target is null ? "" : "\n"), streams.PrefixOf(target)));
        }
    }

    private string Lines(string text, string? prefix)
    {
        var masked = streams.Mask.Apply(text);
        return prefix is null ? masked : prefix + masked[..^1].Replace("\n", "\n" + prefix, StringComparison.Ordinal) + masked[^1];
    }

    private StringBuilder BufferOf(ExecutableTarget? target)
    {
        var key = target?.Name ?? "";
        if (!unfinished.TryGetValue(key, out var buffer))
            unfinished[key] = buffer = new StringBuilder();
        return buffer;
    }
}
