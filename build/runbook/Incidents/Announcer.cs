using Runback.Runbook.Incidents.Channels;
using Runback.Runbook.Incidents.GitHub;
using Runback.Runbook.Incidents.Http;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Incidents;

/// <summary>
/// Tells people what a run does, in every channel that the profile names. Nothing that a channel does or fails to do is an exception: a
/// notification that fails never fails a rollback (trap 22); it is in the results, and said.
/// </summary>
public sealed class Announcer : IDisposable
{
    private readonly IReadOnlyList<IChannel> _channels;
    private readonly AnnouncerOptions _options;
    private readonly GitHubServer _server;
    private readonly Run _run;
    private readonly Transport _transport;
    private readonly Lock _lock = new();
    private readonly Task[] _earlier;
    private readonly List<AnnouncementResult> _results = [];

    private Announcer(IReadOnlyList<IChannel> channels, AnnouncerOptions options, Run run)
    {
        _channels = channels;
        _options = options;
        _server = GitHubServer.Parse(options.GitHubApiUrl, options.AllowInsecure);
        _run = run;
        _earlier = [.. channels.Select(_ => Task.CompletedTask)];
        _transport = new Transport(new TransportOptions { AllowInsecure = options.AllowInsecure, AttemptTimeout = options.AttemptLimit, FirstPause = options.FirstPause });
        Memory = IncidentMemory.Of(run);
    }

    /// <summary>What is kept of the messages; the follow-up ticket uses the same.</summary>
    public IncidentMemory Memory { get; }

    /// <summary>The channels' names: kind and host, nothing secret.</summary>
    public IReadOnlyList<string> Channels => [.. _channels.Select(channel => channel.Name)];

    /// <summary>All results so far, in the order in which they were known.</summary>
    public IReadOnlyList<AnnouncementResult> Results
    {
        get
        {
            lock (_lock)
                return [.. _results];
        }
    }

    /// <summary>Reads the channels; nothing is sent. The run masks every secret in them from here on.</summary>
    /// <param name="lines">
    /// The channels, one in a line: <c>slack https://…</c>, <c>slack-bot #channel</c>, <c>teams https://…</c>, <c>discord https://…</c>,
    /// <c>webhook https://…</c>, <c>github</c>.
    /// </param>
    /// <param name="options">Tokens, servers, limits.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="RunbookException">A line isn't a channel.</exception>
    public static Announcer Create(IEnumerable<string> lines, AnnouncerOptions options, Run run) =>
        new(ChannelList.Parse(lines, options, run.Secrets), options, run);

    /// <summary>Goes on with the messages of an earlier run, which was killed or is told of again.</summary>
    /// <param name="runId">That run's id.</param>
    public void TakeUp(string runId) => Memory.TakeUp(runId);

    /// <summary>
    /// Tells all channels side by side, each within <see cref="AnnouncerOptions.Limit"/>; in a dry run only shows what would be told. A channel gets its
    /// moments in the order of the calls, so the first need not be awaited before work goes on.
    /// </summary>
    /// <param name="announcement">What is told.</param>
    /// <param name="cancellation">Ends it; what wasn't told until then is a result that says so.</param>
    /// <returns>A result for each channel, in the profile's order.</returns>
    public async Task<IReadOnlyList<AnnouncementResult>> SayAsync(Announcement announcement, CancellationToken cancellation)
    {
        var masked = announcement.Map(_run.Secrets.Mask);
        var telling = new Telling(masked, AnnouncementMessage.Of(masked, _server.Issue(masked.Incident, _options.Repository)?.Url), Memory.FirstRun);
        if (_run.DryRun)
        {
            foreach (var line in AnnounceText.Lines(masked.Moment, telling.Message, Channels))
                _run.Narration.Say(line);
            return [.. _channels.Select(channel => Kept(channel, telling, false, "dry run, nothing was sent", 0, null))];
        }
        var deadline = new Deadline(_options.Limit);
        var tellings = new Task<AnnouncementResult>[_channels.Count];
        lock (_lock)
        {
            for (var i = 0; i < tellings.Length; i++)
                _earlier[i] = tellings[i] = TellAsync(_channels[i], _earlier[i], telling, deadline, cancellation);
        }
        return await Task.WhenAll(tellings);
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private async Task<AnnouncementResult> TellAsync(IChannel channel, Task earlier, Telling telling, Deadline deadline, CancellationToken cancellation)
    {
        await Task.Yield();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(deadline.Left);
        var sending = new Sending(_transport, deadline, limit.Token);
        try
        {
            await earlier.WaitAsync(limit.Token);
            var moment = telling.Announcement.Moment;
            if (moment == Moment.Start && !channel.Edits && Memory.ToldAt(channel.Key, moment) is { } before)
                return Kept(channel, telling, true, $"told by the run that this one finishes, at {before.UtcDateTime:HH:mm:ss} UTC", 0, null);
            var delivery = await channel.SendAsync(telling, Memory.MessageIn(channel.Key), sending);
            Memory.Keep(channel.Key, channel.Name, delivery.MessageId, moment, DateTimeOffset.UtcNow);
            var detail = delivery.Lacking is null ? delivery.Detail : $"{delivery.Detail}, {delivery.Lacking}";
            return Kept(channel, telling, true, detail, sending.Attempts, null);
        }
        catch (SendingException exception)
        {
            return Kept(channel, telling, false, exception.Message, sending.Attempts, exception.Hint);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Kept(channel, telling, false, "interrupted", sending.Attempts, null);
        }
        catch (OperationCanceledException)
        {
            return Kept(channel, telling, false, $"no answer within {PlainText.Span(_options.Limit)}", sending.Attempts, "check the service's status page and the network between");
        }
        catch (Exception exception)
        {
            // Whatever it is, it is about telling, and the rollback goes on.
            return Kept(channel, telling, false, $"{exception.GetType().Name}: {exception.Message}", sending.Attempts, "what was to be told is in the report");
        }
    }

    private AnnouncementResult Kept(IChannel channel, Telling telling, bool delivered, string detail, int attempts, string? hint)
    {
        var result = new AnnouncementResult(
            channel.Name, telling.Announcement.Moment, delivered, PlainText.Line(_run.Secrets.Mask(detail)), attempts, DateTimeOffset.UtcNow, hint);
        lock (_lock)
            _results.Add(result);
        try
        {
            _run.Journal.Note("announced", ("channel", result.Channel), ("moment", result.Moment.ToString()), ("delivered", delivered), ("detail", result.Detail), ("attempts", attempts));
            if (!delivered && !_run.DryRun)
                _run.Narration.Warn(result.ToString(), hint);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // A full disk, or a terminal that is gone: the result is given back all the same.
        }
        return result;
    }
}
