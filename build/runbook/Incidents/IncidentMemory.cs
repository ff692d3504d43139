using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Incidents;

/// <summary>
/// What a run keeps of the messages and the ticket that it made, in <c>announcements.json</c> of its folder, so that whoever finishes the run later
/// edits them instead of making others. It holds no address and no token.
/// </summary>
public sealed class IncidentMemory
{
    /// <summary>The file's name.</summary>
    public const string FileName = "announcements.json";

    private const int Version = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly Lock _lock = new();
    private readonly Run _run;
    private State _state;

    private IncidentMemory(Run run, State state)
    {
        _run = run;
        _state = state;
    }

    /// <summary>The run that began what this run finishes; its own id otherwise.</summary>
    public string FirstRun => _state.FirstRun;

    /// <summary>The ticket, or null.</summary>
    internal KeptTicket? Ticket => _state.Ticket;

    /// <summary>A run's memory: what its folder holds, or nothing yet.</summary>
    public static IncidentMemory Of(Run run) => new(run, Read(run.Folder) ?? new State { FirstRun = run.Id });

    /// <summary>Goes on where an earlier run, which was killed or is told of again, left off.</summary>
    /// <param name="runId">The earlier run's id.</param>
    public void TakeUp(string runId)
    {
        if (runId.Length == 0 || runId == _run.Id || Path.GetFileName(runId) != runId)
            return;
        var earlier = Read(Path.GetDirectoryName(_run.Folder) is { } runs ? Path.Combine(runs, runId) : null) ?? new State { FirstRun = runId };
        lock (_lock)
        {
            _state = _state with
            {
                FirstRun = earlier.FirstRun,
                Messages = earlier.Messages.Concat(_state.Messages).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value),
                Told = [.. earlier.Told, .. _state.Told],
                Ticket = _state.Ticket ?? earlier.Ticket,
            };
            Save();
        }
    }

    /// <summary>The id of the message that the run has in a channel, or null.</summary>
    internal string? MessageIn(string key)
    {
        lock (_lock)
            return _state.Messages.GetValueOrDefault(key)?.Id;
    }

    /// <summary>When a moment was told in a channel, UTC; null when it wasn't.</summary>
    internal DateTimeOffset? ToldAt(string key, Moment moment)
    {
        lock (_lock)
            return _state.Told.LastOrDefault(told => told.Key == key && told.Moment == moment)?.At;
    }

    /// <summary>Keeps that a moment was told in a channel.</summary>
    internal void Keep(string key, string channel, string? messageId, Moment moment, DateTimeOffset at)
    {
        lock (_lock)
        {
            var messages = new Dictionary<string, KeptMessage>(_state.Messages);
            if (messageId is not null)
                messages[key] = new KeptMessage(channel, messageId);
            _state = _state with { Messages = messages, Told = [.. _state.Told, new KeptMoment(key, channel, moment, at)] };
            Save();
        }
    }

    /// <summary>Keeps the ticket.</summary>
    internal void Keep(KeptTicket ticket)
    {
        lock (_lock)
        {
            _state = _state with { Ticket = ticket };
            Save();
        }
    }

    // What can't be kept must not stop the run: a later process may then send a second message, no more.
    private void Save()
    {
        if (_run.Folder is null)
            return;
        try
        {
            PrivateFiles.Replace(Path.Combine(_run.Folder, FileName), _run.Secrets.Mask(JsonSerializer.Serialize(_state, Options)) + "\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _run.Narration.Warn($"{FileName} can't be written: {exception.Message}", "a later run may announce this one again");
        }
    }

    private static State? Read(string? folder)
    {
        try
        {
            var path = folder is null ? null : Path.Combine(folder, FileName);
            var state = File.Exists(path) ? JsonSerializer.Deserialize<State>(File.ReadAllText(path), Options) : null;
            return state is { Version: Version, FirstRun.Length: > 0, Messages: not null, Told: not null } ? state : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    internal sealed record KeptTicket(string Repository, long Number, string Url);

    private sealed record KeptMessage(string Channel, string Id);

    private sealed record KeptMoment(string Key, string Channel, Moment Moment, DateTimeOffset At);

    private sealed record State
    {
        public int Version { get; init; } = IncidentMemory.Version;

        public required string FirstRun { get; init; }

        public IReadOnlyDictionary<string, KeptMessage> Messages { get; init; } = new Dictionary<string, KeptMessage>();

        public IReadOnlyList<KeptMoment> Told { get; init; } = [];

        public KeptTicket? Ticket { get; init; }
    }
}
