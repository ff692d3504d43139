using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Runback.Runbook.Runs;

/// <summary>
/// The append-only record of a run, <c>journal.jsonl</c>: one JSON object for a line, flushed to the disk before and after each change, so
/// that whoever comes after a crash can see what was begun and what was finished.
/// </summary>
public sealed class Journal : IDisposable
{
    /// <summary>The version of the line format, written in each run's first line.</summary>
    public const int Version = 1;

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _lock = new();
    private readonly FileStream? _file;
    private readonly Secrets _secrets;
    private int _changes;

    private Journal(FileStream? file, Secrets secrets)
    {
        _file = file;
        _secrets = secrets;
    }

    /// <summary>A journal that keeps nothing, for reading and dry runs.</summary>
    public static Journal None { get; } = new(null, new Secrets());

    /// <summary>Opens a run's journal for appending, readable by its owner only.</summary>
    public static Journal Open(string path, Secrets secrets) => new(PrivateFiles.Append(path), secrets);

    /// <summary>Writes an event and flushes it to the disk.</summary>
    /// <param name="name">The event's name.</param>
    /// <param name="facts">What belongs to it; values must be serializable.</param>
    public void Write(string name, params ReadOnlySpan<(string Key, object? Value)> facts) => Append(name, facts, flush: true);

    /// <summary>Writes an event that nothing depends on after a crash, without waiting for the disk.</summary>
    /// <param name="name">The event's name.</param>
    /// <param name="facts">What belongs to it; values must be serializable.</param>
    public void Note(string name, params ReadOnlySpan<(string Key, object? Value)> facts) => Append(name, facts, flush: false);

    private void Append(string name, ReadOnlySpan<(string Key, object? Value)> facts, bool flush)
    {
        if (_file is null)
            return;
        var line = new JsonObject { ["at"] = DateTimeOffset.UtcNow.ToString("O"), ["event"] = name };
        foreach (var (key, value) in facts)
            line[key] = JsonSerializer.SerializeToNode(value, Options);
        var text = _secrets.Mask(line.ToJsonString(Options)) + "\n";
        lock (_lock)
        {
            _file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            _file.Flush(flushToDisk: flush);
        }
    }

    /// <summary>Writes that a change begins; the entry given back writes how it ended.</summary>
    public Change Begin(string pasteable)
    {
        var number = Interlocked.Increment(ref _changes);
        Write("change", ("number", number), ("command", pasteable));
        return new Change(this, number);
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <summary>A change that was begun.</summary>
    public sealed class Change : IDisposable
    {
        private readonly Journal _journal;
        private readonly int _number;
        private readonly long _start = System.Diagnostics.Stopwatch.GetTimestamp();
        private bool _ended;

        internal Change(Journal journal, int number)
        {
            _journal = journal;
            _number = number;
        }

        /// <summary>Writes that it is made.</summary>
        public void Succeeded() => End("changed", null);

        /// <summary>Writes that it failed, and why.</summary>
        public void Failed(string why) => End("failed", why);

        /// <inheritdoc/>
        public void Dispose() => End("failed", "left without an end");

        private void End(string name, string? why)
        {
            if (_ended)
                return;
            _ended = true;
            var seconds = Math.Round(System.Diagnostics.Stopwatch.GetElapsedTime(_start).TotalSeconds, 3);
            if (why is null)
                _journal.Write(name, ("number", _number), ("seconds", seconds));
            else
                _journal.Write(name, ("number", _number), ("seconds", seconds), ("why", why));
        }
    }
}
