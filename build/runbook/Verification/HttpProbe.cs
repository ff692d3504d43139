using System.Diagnostics;
using System.Net.Http.Headers;
using Runback.Runbook.Verification.Metrics;

namespace Runback.Runbook.Verification;

/// <summary>What one request to the application found.</summary>
/// <param name="Url">What was asked.</param>
/// <param name="Status">The status, or null when there was no answer.</param>
/// <param name="Body">The body's beginning (at most 1 MiB), as text.</param>
/// <param name="ContentType">The body's media type, or null.</param>
/// <param name="Failure">Why there was no answer, or null.</param>
/// <param name="Duration">How long it took.</param>
public sealed record ProbeResult(Uri Url, int? Status, string Body, string? ContentType, string? Failure, TimeSpan Duration)
{
    /// <summary>Whether it answered 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The answer in a few words.</summary>
    public string Found => Failure ?? (Status is >= 300 and < 400 ? $"{Status}, a redirect" : $"{Status}");
}

/// <summary>Asks the application over HTTP. Redirects are not followed: a health URL that redirects is answered by something else.</summary>
public sealed class HttpProbe : IDisposable
{
    private const int MaximumBody = 1 << 20;
    private readonly HttpClient _http;
    private readonly OwnRequestCounter _own = new();

    /// <summary>A probe that connects to the host of each URL.</summary>
    public HttpProbe()
        : this(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
    }

    /// <summary>A probe whose requests take another way than the URL's host: the URL only says what is asked for and under which name.</summary>
    /// <param name="connect">Opens the way; its failure is the answer's.</param>
    public HttpProbe(Func<CancellationToken, ValueTask<Stream>> connect)
        : this(new SocketsHttpHandler { ConnectCallback = (_, cancellation) => connect(cancellation), UseProxy = false })
    {
    }

    private HttpProbe(SocketsHttpHandler handler)
    {
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>What was asked so far.</summary>
    internal OwnRequests Own => _own.Now;

    /// <summary>Sends a GET request and reads the answer; never throws for what the other side does.</summary>
    /// <param name="url">What to ask.</param>
    /// <param name="limit">How long the whole answer may take.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="bearer">A bearer token to send, or null.</param>
    /// <param name="most">How much of the body is read, in bytes.</param>
    public Task<ProbeResult> GetAsync(Uri url, TimeSpan limit, CancellationToken cancellation, string? bearer = null, int most = MaximumBody) =>
        SendAsync(HttpMethod.Get, url, limit, cancellation, bearer, most);

    /// <summary>Sends a request without a body and reads the answer; never throws for what the other side does.</summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="url">What to ask.</param>
    /// <param name="limit">How long the whole answer may take.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="bearer">A bearer token to send, or null.</param>
    /// <param name="most">How much of the body is read, in bytes.</param>
    public async Task<ProbeResult> SendAsync(
        HttpMethod method, Uri url, TimeSpan limit, CancellationToken cancellation, string? bearer = null, int most = MaximumBody)
    {
        var start = Stopwatch.GetTimestamp();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(limit);
        int? status = null;
        _own.Begin();
        try
        {
            using var request = new HttpRequestMessage(method, url);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("runback", null));
            if (bearer is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            status = (int)response.StatusCode;
            var body = await ReadBeginningAsync(response.Content, most, deadline.Token);
            return new ProbeResult(url, (int)response.StatusCode, body, response.Content.Headers.ContentType?.MediaType, null, Stopwatch.GetElapsedTime(start));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ProbeResult(url, null, "", null, $"no answer within {limit.TotalSeconds:0.#} s", Stopwatch.GetElapsedTime(start));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new ProbeResult(url, null, "", null, exception.Message, Stopwatch.GetElapsedTime(start));
        }
        finally
        {
            _own.End(url.AbsolutePath, status);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<string> ReadBeginningAsync(HttpContent content, int most, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[8192];
        using var body = new MemoryStream();
        int read;
        while (body.Length < most && (read = await stream.ReadAsync(buffer, cancellation)) > 0)
            body.Write(buffer, 0, read);
        return System.Text.Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
    }
}
