using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Runback.Runbook.Runs;

/// <summary>
/// The append-only record of a run, <c>journal.jsonl</c>: one JSON object for a line, flushed to the disk before and after each change, so
/// that whoever comes after a crash can see what was begun and what was finished. Until something was changed, a journal that can't be written stops
/// the run; from then on it stops nothing: the lines are kept in memory, and written at the end if there is room again.
/// </summary>
public sealed class Journal : IDisposable
{
    /// <summary>The version of the line format, written in each run's first line.</summary>
    public const int Version = 1;

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _lock = new();
    private readonly Stream? _file;
    private readonly Secrets _secrets;
    private readonly List<string> _unwritten = [];
    private int _changes;
    private volatile bool _stopsNothing;

    // Lines that are kept in memory; a run has some hundreds.
    private const int MostUnwritten = 20_000;

    internal Journal(Stream? file, Secrets secrets)
    {
        _file = file;
        _secrets = secrets;
    }

    /// <summary>A journal that keeps nothing, for reading and dry runs.</summary>
    public static Journal None { get; } = new(null, new Secrets());

    /// <summary>Opens a run's journal for appending, readable by its owner only.</summary>
    public static Journal Open(string path, Secrets secrets) => new(PrivateFiles.Append(path), secrets);

    /// <summary>Called once, when the journal can't be written any more, with the reason.</summary>
    public Action<string>? Trouble { get; set; }

    /// <summary>From here on what can't be written stops nothing: production is changed, or the run ends.</summary>
    public void StopNothing() => _stopsNothing = true;

    /// <summary>Writes an event and flushes it to the disk.</summary>
    /// <exception cref="RunbookException">It can't be written, and nothing was changed yet (outcome Refused).</exception>
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
        string? trouble;
        lock (_lock)
            trouble = Put(text, flush);
        if (trouble is not null)
            Trouble?.Invoke(trouble);
    }

    // Gives the reason when it is the first line that can't be written.
    private string? Put(string text, bool flush)
    {
        if (_unwritten.Count > 0)
        {
            if (_unwritten.Count < MostUnwritten)
                _unwritten.Add(text);
            return null;
        }
        try
        {
            _file!.Write(System.Text.Encoding.UTF8.GetBytes(text));
            Flush(flush);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!_stopsNothing)
            {
                throw RunbookException.Refused(
                    $"expected to be able to write the run's journal, found: {exception.Message}", "make room on the disk that holds the deployment's .runback folder, or make it writable");
            }
            // Half of it may be there: a line of its own keeps what follows readable.
            _unwritten.AddRange(["\n", text]);
            return exception.Message;
        }
    }

    private void Flush(bool toDisk)
    {
        if (_file is FileStream file)
            file.Flush(toDisk);
        else
            _file!.Flush();
    }

    // What was kept in memory, once more.
    private void Catch()
    {
        if (_unwritten.Count == 0)
            return;
        try
        {
            foreach (var text in _unwritten)
                _file!.Write(System.Text.Encoding.UTF8.GetBytes(text));
            Flush(toDisk: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The warning was given when it began.
        }
        _unwritten.Clear();
    }

    /// <summary>Writes that a change begins; the entry given back writes how it ended.</summary>
    public Change Begin(string pasteable)
    {
        var number = Interlocked.Increment(ref _changes);
        Write("change", ("number", number), ("command", pasteable));
        return new Change(this, number);
    }

    /// <summary>Closes it, after one more try to write what couldn't be written.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            try
            {
                Catch();
                _file?.Dispose();
            }
            catch (IOException)
            {
                // A stream that couldn't write tries again while it closes.
            }
        }
    }

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
