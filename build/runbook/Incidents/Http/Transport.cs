using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polly;
using Polly.Retry;
using Runback.Runbook.Releases.Registries;

namespace Runback.Runbook.Incidents.Http;

/// <summary>One request to a service.</summary>
/// <param name="Method">The method.</param>
/// <param name="Address">Where to; never shown whole.</param>
/// <param name="Body">The JSON body, or null for none.</param>
internal sealed record Request(HttpMethod Method, Uri Address, JsonNode? Body = null)
{
    /// <summary>Sent as <c>Authorization: Bearer</c>, or null.</summary>
    public string? Token { get; init; }

    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a failure after which it may have been carried out is tried again.</summary>
    public bool Repeatable { get; init; } = true;
}

/// <summary>
/// Sends JSON to services: TLS verified, redirects never followed, answers bounded, and tried again within a deadline when the failure may pass, as
/// long after it as the service asks.
/// </summary>
internal sealed class Transport : IDisposable
{
    private const int MaximumBody = 8 << 20;
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly HttpClient _http;
    private readonly TransportOptions _options;

    /// <summary>A transport with a connection pool of its own.</summary>
    public Transport(TransportOptions options)
    {
        _options = options;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = new LoopbackBypass(),
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("runback", "1"));
    }

    /// <summary>Sends a request until it is answered with something that trying again won't change, or time is up.</summary>
    /// <param name="request">The request.</param>
    /// <param name="deadline">When it must be over.</param>
    /// <param name="attempted">Called before every attempt.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SendingException">There was no answer.</exception>
    public async Task<Answer> SendAsync(Request request, Deadline deadline, Action attempted, CancellationToken cancellation)
    {
        if (!PlainHttp.Allows(request.Address, _options.AllowInsecure))
            throw Failures.PlainHttpRefused(request.Address);
        try
        {
            return await Pipeline(request, deadline).ExecuteAsync(
                async token =>
                {
                    attempted();
                    return await AttemptAsync(request, deadline, token);
                },
                cancellation);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException)
        {
            throw Failures.NoAnswer(request.Address, exception, deadline);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private ResiliencePipeline<Answer> Pipeline(Request request, Deadline deadline)
    {
        TimeSpan Wish(Outcome<Answer> outcome, int attempt) =>
            outcome.Result?.RetryAfter is { } asked && asked > _options.FirstPause ? asked : _options.FirstPause * Math.Pow(2, attempt);
        return new ResiliencePipelineBuilder<Answer>()
            .AddRetry(new RetryStrategyOptions<Answer>
            {
                MaxRetryAttempts = _options.Repeats,
                // A pause for which there is no time would turn a clear refusal into a timeout.
                ShouldHandle = arguments => ValueTask.FromResult(
                    MayPass(request, arguments.Outcome) && Wish(arguments.Outcome, arguments.AttemptNumber) < deadline.Left),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Wish(arguments.Outcome, arguments.AttemptNumber)),
            })
            .Build();
    }

    private static bool MayPass(Request request, Outcome<Answer> outcome) => outcome switch
    {
        { Exception: HttpRequestException { InnerException: AuthenticationException } } => false,
        { Exception: HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError } } => true,
        { Exception: HttpRequestException or IOException or TimeoutException } => request.Repeatable,
        { Result: { MayPass: true } answer } => request.Repeatable || (int)answer.Status is 403 or 429,
        _ => false,
    };

    private async Task<Answer> AttemptAsync(Request request, Deadline deadline, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var left = deadline.Left < _options.AttemptTimeout ? deadline.Left : _options.AttemptTimeout;
        limit.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1));
        try
        {
            using var message = Message(request);
            // The name's look-up may ignore the token: don't wait for it.
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token).WaitAsync(limit.Token);
            return new Answer(response.StatusCode, await BodyAsync(response, limit.Token), RetryAfter(response), response.Headers.Location)
            {
                MediaType = response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant(),
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private static HttpRequestMessage Message(Request request)
    {
        var message = new HttpRequestMessage(request.Method, request.Address);
        if (request.Token is not null)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", request.Token);
        foreach (var (name, value) in request.Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        if (request.Body is not null)
            message.Content = new StringContent(request.Body.ToJsonString(Json), Encoding.UTF8, "application/json");
        return message;
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - DateTimeOffset.UtcNow is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        // Discord gives fractions of a second.
        _ => response.Headers.NonValidated.TryGetValues("Retry-After", out var values)
            && double.TryParse(values.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 1e6
                ? TimeSpan.FromSeconds(seconds)
                : null,
    };

    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while (body.Length < MaximumBody && (count = await stream.ReadAsync(buffer, cancellation)) > 0)
            body.Write(buffer, 0, count);
        return Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
    }
}
