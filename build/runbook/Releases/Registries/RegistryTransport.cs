using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using Polly;
using Polly.Retry;

namespace Runback.Runbook.Releases.Registries;

/// <summary>
/// Sends requests and reads whole answers: bounded in size and time, tried again when the failure may pass (no connection, timeout, 408, 429, 5xx),
/// redirected without credentials when the redirect leaves the server.
/// </summary>
internal sealed class RegistryTransport : IDisposable
{
    private const int MaximumRedirects = 5;
    private readonly RegistryOptions _options;
    private readonly HttpClient _http;

    /// <summary>A transport with a connection pool of its own.</summary>
    public RegistryTransport(RegistryOptions options)
    {
        _options = options;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = new LoopbackBypass(),
            AutomaticDecompression = DecompressionMethods.All,
            MaxConnectionsPerServer = Math.Max(2, options.Parallel),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("runback", "1"));
    }

    /// <summary>Sends a request until it is answered with something that trying again won't change, or time is up.</summary>
    /// <exception cref="RegistryException">No connection, no answer in time, TLS failed, or the answer is too large.</exception>
    public async Task<RegistryAnswer> SendAsync(RegistryRequest request, CancellationToken cancellation)
    {
        var deadline = DateTimeOffset.UtcNow + _options.TotalTimeout;
        try
        {
            return await Pipeline(deadline).ExecuteAsync(async token => await AttemptAsync(request, deadline, token), cancellation);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException)
        {
            throw RegistryFailures.NoAnswer(request.Address, exception, _options);
        }
    }

    /// <summary>Sends a request once.</summary>
    /// <exception cref="HttpRequestException">No connection.</exception>
    /// <exception cref="TimeoutException">No whole answer in time.</exception>
    public Task<RegistryAnswer> SendOnceAsync(RegistryRequest request, CancellationToken cancellation) =>
        AttemptAsync(request, DateTimeOffset.UtcNow + _options.TotalTimeout, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private ResiliencePipeline<RegistryAnswer> Pipeline(DateTimeOffset deadline)
    {
        var pause = _options.FirstPause;
        // One more pause than there is time for would turn a clear "try again at ..." into a timeout, so the wish is weighed before it is granted.
        TimeSpan Wish(Outcome<RegistryAnswer> outcome, int attempt) =>
            outcome.Result?.RetryAfter(DateTimeOffset.UtcNow) is { } asked && asked > pause ? asked : pause * Math.Pow(2, attempt);
        return new ResiliencePipelineBuilder<RegistryAnswer>()
            .AddRetry(new RetryStrategyOptions<RegistryAnswer>
            {
                MaxRetryAttempts = _options.Repeats,
                ShouldHandle = arguments => ValueTask.FromResult(
                    MayPass(arguments.Outcome) && DateTimeOffset.UtcNow + Wish(arguments.Outcome, arguments.AttemptNumber) < deadline),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Wish(arguments.Outcome, arguments.AttemptNumber)),
            })
            .Build();
    }

    private static bool MayPass(Outcome<RegistryAnswer> outcome) => outcome switch
    {
        { Exception: HttpRequestException { InnerException: AuthenticationException } } => false,
        { Exception: HttpRequestException or IOException or TimeoutException } => true,
        { Result.Status: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
        { Result.Status: HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout } => true,
        _ => false,
    };

    private async Task<RegistryAnswer> AttemptAsync(RegistryRequest request, DateTimeOffset deadline, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var left = deadline - DateTimeOffset.UtcNow;
        limit.CancelAfter(left < _options.AttemptTimeout ? (left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1)) : _options.AttemptTimeout);
        try
        {
            return await FollowAsync(request, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private async Task<RegistryAnswer> FollowAsync(RegistryRequest request, CancellationToken cancellation)
    {
        var address = request.Address;
        for (var redirects = 0; ; redirects++)
        {
            if (!PlainHttp.Allows(address, _options.AllowInsecure))
                throw RegistryFailures.PlainHttpRefused(address);
            using var message = request.Message(address);
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return await ReadAsync(request, response, address, cancellation);
            }
            if (redirects == MaximumRedirects || request.Form is not null || response.Headers.Location is not { } location)
                throw RegistryException.BadAnswer("an answer", $"a redirect (status {(int)response.StatusCode}) that leads nowhere", address);
            var next = new Uri(address, location);
            if (address.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
                throw RegistryFailures.PlainHttpRefused(next);
            address = next;
        }
    }

    private static async Task<RegistryAnswer> ReadAsync(RegistryRequest request, HttpResponseMessage response, Uri address, CancellationToken cancellation)
    {
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .SelectMany(header => header.Value, (header, value) => (header.Key, Value: value))
            .ToLookup(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase);
        var body = request.Method == HttpMethod.Head ? [] : await ReadBodyAsync(request, response, address, cancellation);
        return new RegistryAnswer(response.StatusCode, address, headers, body);
    }

    private static async Task<byte[]> ReadBodyAsync(RegistryRequest request, HttpResponseMessage response, Uri address, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            // The announced length is not asked: decompression makes more of it.
            if (body.Length + count > request.Limit)
                throw RegistryException.BadAnswer($"at most {request.Limit / 1024} KiB", "more", address);
            body.Write(buffer, 0, count);
        }
        return body.ToArray();
    }
}
