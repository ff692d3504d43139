using System.Net;
using System.Security.Authentication;

namespace Runback.Runbook.Releases.Registries;

/// <summary>Tells what a refusal or a silence means, and what to do about it.</summary>
internal static class RegistryFailures
{
    /// <summary>Nothing answered.</summary>
    public static RegistryException NoAnswer(Uri address, Exception exception, RegistryOptions options)
    {
        var server = $"{address.Scheme}://{address.Authority}";
        return exception switch
        {
            TimeoutException => new(
                RegistryFault.TimedOut,
                $"expected an answer from {server}, found none within {options.AttemptTimeout.TotalSeconds:0.#} s (tried for up to {options.TotalTimeout.TotalSeconds:0.#} s)",
                "check the registry's health and the network between; nothing was changed, so the same command can be run again",
                exception),
            { InnerException: AuthenticationException tls } => new(
                RegistryFault.Untrusted,
                $"expected TLS with a trusted certificate from {server}, found: {tls.Message}",
                "add the registry's certificate authority to this machine's trust store; if the registry speaks plain http on a trusted network, allow the insecure registry in the profile",
                exception),
            _ => new(
                RegistryFault.Unreachable,
                $"expected to reach the registry at {server}, found: {Reason(exception)}",
                "check that the registry runs and that this machine may connect to it (name, port, firewall, proxy); nothing was changed",
                exception),
        };
    }

    /// <summary>Something was to be fetched without TLS from a host that may not be asked so.</summary>
    public static RegistryException PlainHttpRefused(Uri address) => new(
        RegistryFault.Untrusted,
        $"expected https, found plain http to {address.Authority}",
        "plain http is only used on loopback; serve the registry over https, or allow the insecure registry in the profile");

    /// <summary>An answer that isn't a success, as an error.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="what">What was asked for, for people.</param>
    /// <param name="asked">Who asked: the credential as text, or null for nobody.</param>
    /// <param name="problem">Why a credential could not be read, or null.</param>
    public static RegistryException Refused(RegistryAnswer answer, string what, string? asked = null, string? problem = null)
    {
        var found = $"status {(int)answer.Status}" + (answer.ErrorCodes.Count > 0 ? $" ({string.Join(", ", answer.ErrorCodes)})" : "");
        var server = answer.Address.Authority;
        var message = $"expected {what} from {server}, found {found}";
        var login = $"run `docker login {server}` as the user who runs this, or give the registry's user and password in the profile";
        var also = problem is null ? "" : $" ({problem})";
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized => new(
                RegistryFault.Unauthorized,
                asked is null ? $"{message}, without credentials{also}" : $"{message}, for {asked}",
                asked is null ? login : $"the registry does not take these credentials: {login}"),
            HttpStatusCode.Forbidden => new(
                RegistryFault.Forbidden,
                $"{message}, for {asked ?? "nobody in particular"}{also}",
                asked is null ? login : "have this user allowed to pull from the repository, or use credentials that may"),
            HttpStatusCode.NotFound => new(
                RegistryFault.NotFound,
                message,
                "check the profile's image: host, port and path; some registries also say 404 to those who may not see a repository"
                + (asked is null ? $", so {login}" : "")),
            HttpStatusCode.TooManyRequests => new(RegistryFault.TooManyRequests, message, Later(answer, asked is null)),
            >= HttpStatusCode.InternalServerError => new(
                RegistryFault.ServerError,
                message,
                "the registry itself is failing: look at its log; nothing was changed, so the same command can be run again"),
            _ => RegistryException.BadAnswer(what, found, answer.Address),
        };
    }

    private static string Later(RegistryAnswer answer, bool anonymous)
    {
        var now = DateTimeOffset.UtcNow;
        var when = answer.RetryAfter(now) is { } wait && wait < TimeSpan.FromDays(7)
            ? $"try again after {now + wait:HH:mm:ss} UTC (in {Math.Ceiling(wait.TotalSeconds):0} s)"
            : "the registry limits requests: try again in some minutes";
        return anonymous ? $"{when}; with credentials (docker login) the limit is usually higher" : when;
    }

    private static string Reason(Exception exception) => exception is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }
        ? "no such host"
        : exception.InnerException?.Message ?? exception.Message;
}
