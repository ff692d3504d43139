using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Faults;

/// <summary>A client that books visits through the proxy all along, and remembers which were acknowledged.</summary>
internal sealed class ClientWrites : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _ending = new();
    private readonly HttpClient _http;
    private readonly Task _writing;
    private readonly ConcurrentQueue<string> _acknowledged = [];

    public ClientWrites(LabFixture lab)
    {
        _http = new HttpClient { BaseAddress = lab.Options.BaseUrl, Timeout = TimeSpan.FromSeconds(3) };
        _writing = WriteAsync();
    }

    /// <summary>The addresses of the visits that the application said it has booked.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>Waits until one more is acknowledged.</summary>
    public async Task<bool> GoesOnAsync(TimeSpan limit)
    {
        var before = _acknowledged.Count;
        for (var until = DateTime.UtcNow + limit; DateTime.UtcNow < until; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            if (_acknowledged.Count > before)
                return true;
        }
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _writing;
        _http.Dispose();
        _ending.Dispose();
    }

    private async Task WriteAsync()
    {
        var name = Guid.NewGuid().ToString("N");
        for (var number = 0; !_ending.IsCancellationRequested; number++)
        {
            var address = $"{number} {name} Lane";
            try
            {
                var body = JsonSerializer.Serialize(new { customer_id = 1, scheduled_at = "2026-02-02T09:00:00Z", duration_minutes = 90, address });
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var answer = await _http.PostAsync("/bookings", content, _ending.Token);
                if (answer.StatusCode == HttpStatusCode.Created)
                    _acknowledged.Enqueue(address);
                await Task.Delay(Pause, _ending.Token);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                // Not acknowledged: nothing was promised.
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }
}
