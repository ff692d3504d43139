using System.Diagnostics;
using System.Net.Mime;
using System.Text;

namespace Runback.Runbook.Drills;

/// <summary>
/// Sends a workload's requests at a steady pace until it is stopped, each on a connection of its own as from another client, and remembers how each
/// went. It doesn't wait for one answer before it sends the next request: a server that hangs must not slow down those who knock.
/// </summary>
public sealed class Traffic : IAsyncDisposable
{
    private readonly Uri _address;
    private readonly Workload _workload;
    private readonly TrafficOptions _options;
    private readonly Action<string> _say;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _slots;
    private readonly Lock _lock = new();
    private readonly List<TrafficSample> _samples = [];
    private readonly HttpClient _http;
    private readonly Task _sending;
    private TimeSpan? _unservedSince;
    private TimeSpan _lastUnserved;
    private int _unserved;

    private Traffic(Uri address, Workload workload, TrafficOptions options, Action<string>? say)
    {
        (_address, _workload, _options, _say) = (address, workload, options, say ?? (_ => { }));
        _slots = new SemaphoreSlim(options.InFlight, options.InFlight);
        _http = new HttpClient(Handler(options.Connect)) { Timeout = Timeout.InfiniteTimeSpan };
        _sending = SendAsync();
    }

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset StartedAt { get; } = DateTimeOffset.UtcNow;

    /// <summary>How long it has been sent.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>Requests that were left out because too many waited for their answer.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Begins to send.</summary>
    /// <param name="address">The application's base address.</param>
    /// <param name="workload">What is asked.</param>
    /// <param name="options">How much of it.</param>
    /// <param name="say">Told in a line when service is lost and found again; null for silence.</param>
    public static Traffic Start(Uri address, Workload workload, TrafficOptions options, Action<string>? say = null) => new(address, workload, options, say);

    /// <summary>Stops sending, waits for the answers that are still out, and gives how each request went, in the order in which they were sent.</summary>
    public async Task<IReadOnlyList<TrafficSample>> StopAsync()
    {
        await _stop.CancelAsync();
        await _sending;
        lock (_lock)
            return [.. _samples.OrderBy(sample => sample.Begun)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _slots.Dispose();
        _stop.Dispose();
    }

    private static SocketsHttpHandler Handler(Func<CancellationToken, ValueTask<Stream>>? connect)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };
        if (connect is null)
            handler.PooledConnectionLifetime = TimeSpan.Zero;
        else
            handler.ConnectCallback = (_, cancellation) => connect(cancellation);
        return handler;
    }

    private async Task SendAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / _options.PerSecond));
        try
        {
            for (var number = 0; await timer.WaitForNextTickAsync(_stop.Token); number++)
            {
                if (await _slots.WaitAsync(TimeSpan.Zero, CancellationToken.None))
                    _ = OneAsync(_workload.Request(number));
                else
                    LeftOut++;
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped. What is out comes back within the limit.
        }
        for (var slot = 0; slot < _options.InFlight; slot++)
            await _slots.WaitAsync(CancellationToken.None);
    }

    private async Task OneAsync(TrafficRequest request)
    {
        var begun = Elapsed;
        var status = await StatusAsync(request);
        var sample = new TrafficSample(begun, Elapsed - begun, status, request.Key);
        lock (_lock)
        {
            _samples.Add(sample);
            Notice(sample);
        }
        _slots.Release();
    }

    private async Task<int?> StatusAsync(TrafficRequest request)
    {
        using var deadline = new CancellationTokenSource(_options.Limit);
        try
        {
            using var message = new HttpRequestMessage(request.Json is null ? HttpMethod.Get : HttpMethod.Post, new Uri(_address, request.Path));
            if (request.Json is not null)
                message.Content = new StringContent(request.Json, Encoding.UTF8, MediaTypeNames.Application.Json);
            using var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseContentRead, deadline.Token);
            return (int)answer.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private void Notice(TrafficSample sample)
    {
        if (sample.IsUnserved)
        {
            _unserved++;
            _lastUnserved = sample.Begun > _lastUnserved ? sample.Begun : _lastUnserved;
            if (_unservedSince is null)
                _say($"traffic: not served any more ({sample.Found})");
            _unservedSince ??= sample.Begun;
        }
        else if (_unservedSince is { } since && sample.Begun > _lastUnserved)
        {
            _say($"traffic: served again after {(sample.Ended - since).TotalSeconds:0.00} s; {_unserved} requests failed meanwhile");
            (_unservedSince, _unserved) = (null, 0);
        }
    }
}
