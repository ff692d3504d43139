using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Runback.Runbook.Releases.Registries;

/// <summary>
/// Answers a registry's challenges: HTTP Basic, or a bearer token that its token server gives for the repository (Docker's "Token Authentication
/// Specification" and "OAuth2 Token Authentication"). A token is used again until it expires.
/// </summary>
internal sealed class RegistryAuthorization(RegistryTransport transport, ImageReference image, RegistryOptions options) : IDisposable
{
    // The token specification's own default and least life, in seconds.
    private const int LeastLife = 60;
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _one = new(1);
    private CredentialAnswer? _credential;
    private Granted? _granted;

    /// <summary>Who asks, for error messages; null for nobody.</summary>
    public string? Asker => _credential?.Credential?.ToString();

    /// <summary>Why a credential could not be read, or null.</summary>
    public string? Problem => _credential?.Problem;

    /// <summary>What to send now: null before the first challenge, and when a token has expired.</summary>
    public AuthenticationHeaderValue? Current => _granted is { } granted && granted.Until > Environment.TickCount64 ? granted.Header : null;

    /// <summary>Answers the challenge of a refused request.</summary>
    /// <param name="refusal">The 401.</param>
    /// <param name="sent">What was sent with it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What to send instead, or null when there is nothing better.</returns>
    public async Task<AuthenticationHeaderValue?> AnswerAsync(RegistryAnswer refusal, AuthenticationHeaderValue? sent, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            // Another request may have been granted something while this one waited.
            if (Current is { } granted && !ReferenceEquals(granted, sent))
                return granted;
            _credential ??= await FindCredentialAsync(cancellation);
            var challenges = refusal.Headers["WWW-Authenticate"].SelectMany(Challenge.Read).ToList();
            _granted = _credential.Credential is { Kind: CredentialKind.Bearer } token
                ? new Granted(new AuthenticationHeaderValue("Bearer", token.Secret), long.MaxValue)
                : challenges.Find(one => one.Scheme == "bearer") is { } bearer
                    ? await FetchTokenAsync(bearer, refusal.Address, cancellation)
                    : challenges.Exists(one => one.Scheme == "basic") && Basic() is { } basic ? new Granted(basic, long.MaxValue) : null;
            return _granted?.Header.Equals(sent) == true ? null : _granted?.Header;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<CredentialAnswer> FindCredentialAsync(CancellationToken cancellation)
    {
        var answer = await options.Credentials.FindAsync(image.Registry, cancellation);
        if (answer.Credential is { } credential)
            options.Secrets.Add(credential.Secret, credential.Kind == CredentialKind.Password ? Pair(credential) : null);
        return answer;
    }

    private AuthenticationHeaderValue? Basic() =>
        _credential?.Credential is { Kind: CredentialKind.Password } password ? new AuthenticationHeaderValue("Basic", Pair(password)) : null;

    private static string Pair(Credential credential) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.User}:{credential.Secret}"));

    private async Task<Granted> FetchTokenAsync(Challenge challenge, Uri registry, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm) || realm.Scheme is not ("https" or "http"))
            throw RegistryException.BadAnswer("the address of a token server", $"{Untrusted.Quote(challenge["realm"] ?? "")}", registry);
        var answer = await transport.SendAsync(TokenRequest(challenge, realm), cancellation);
        if (answer.Status != HttpStatusCode.OK)
            throw RegistryFailures.Refused(answer, $"a token for {image.Repository}", Asker, Problem);
        using var body = answer.Json("a token");
        var token = body.RootElement.Member("token").Text() is { Length: > 0 } named ? named : body.RootElement.Member("access_token").Text();
        if (string.IsNullOrEmpty(token) || token.Any(c => c is <= ' ' or > '~'))
            throw RegistryException.BadAnswer("a token", "an answer without one", answer.Address);
        options.Secrets.Add(token);
        var seconds = body.RootElement.Member("expires_in") is { ValueKind: System.Text.Json.JsonValueKind.Number } life && life.TryGetInt32(out var given) ? given : LeastLife;
        var until = Environment.TickCount64 + (long)(TimeSpan.FromSeconds(Math.Max(seconds, LeastLife)) - Slack).TotalMilliseconds;
        return new Granted(new AuthenticationHeaderValue("Bearer", token), until);
    }

    private RegistryRequest TokenRequest(Challenge challenge, Uri realm)
    {
        var scope = challenge["scope"] is { Length: > 0 } asked ? asked : $"repository:{image.Repository}:pull";
        var service = challenge["service"] ?? "";
        if (_credential?.Credential is { Kind: CredentialKind.Identity } identity)
        {
            return new RegistryRequest(HttpMethod.Post, realm, RegistryRequest.MiB)
            {
                Form = new Dictionary<string, string>
                {
                    ["grant_type"] = "refresh_token",
                    ["service"] = service,
                    ["client_id"] = "runback",
                    ["scope"] = scope,
                    ["refresh_token"] = identity.Secret,
                },
            };
        }
        var query = $"service={Uri.EscapeDataString(service)}&scope={Uri.EscapeDataString(scope)}";
        if (_credential?.Credential is { } user)
            query += $"&account={Uri.EscapeDataString(user.User)}";
        var address = new UriBuilder(realm) { Query = realm.Query.Length > 1 ? $"{realm.Query[1..]}&{query}" : query }.Uri;
        return RegistryRequest.Get(address, RegistryRequest.MiB) with { Authorization = Basic() };
    }

    private sealed record Granted(AuthenticationHeaderValue Header, long Until);
}
