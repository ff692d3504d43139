using System.Net;
using System.Security.Authentication;
using System.Text.RegularExpressions;

namespace Runback.Runbook.Incidents.Http;

/// <summary>Tells what a silence or a refusal means, without the address's secret part and without the answer's body.</summary>
internal static partial class Failures
{
    private const string Profile = "the channel's line in the profile";

    /// <summary>An address for people: scheme, host and port; what follows may be a secret.</summary>
    public static string Shown(Uri address) => $"{address.Scheme}://{address.Authority}/\u2026";

    /// <summary>Nothing answered.</summary>
    public static SendingException NoAnswer(Uri address, Exception exception, Deadline deadline) => exception switch
    {
        TimeoutException => new SendingException(
            $"no answer from {Shown(address)} in time (at most {PlainText.Span(deadline.Limit)})",
            "check the service's status page and the network between; what was to be told is in the report", ambiguous: true, exception),
        { InnerException: AuthenticationException tls } => new SendingException(
            $"the certificate of {Shown(address)} isn't trusted: {tls.Message}",
            "add its certificate authority to this machine's trust store", inner: exception),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new SendingException(
            $"there is no host {address.Host}", $"check the host in {Profile}, and this machine's name server", inner: exception),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new SendingException(
            $"no connection to {Shown(address)}: {exception.InnerException?.Message ?? exception.Message}",
            "check that this machine may connect to it (firewall, proxy)", inner: exception),
        _ => new SendingException(
            $"the connection to {Shown(address)} broke before it answered", "check the service's status page and the network between", ambiguous: true, exception),
    };

    /// <summary>Something was to be sent without TLS.</summary>
    public static SendingException PlainHttpRefused(Uri address) => new(
        $"expected https, found plain http to {Shown(address)}", "plain http is used on this machine only, unless the profile allows it");

    /// <summary>An answer that isn't a success.</summary>
    /// <param name="address">Who answered.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="code">What the service says is wrong, in its own word, or null.</param>
    /// <param name="hint">What to do about it, when the channel knows better than the status does.</param>
    public static SendingException Refused(Uri address, Answer answer, string? code = null, string? hint = null)
    {
        var said = Code(code) is { } word ? $" ({word})" : "";
        var ambiguous = (int)answer.Status >= 500;
        if (answer.IsRedirect)
        {
            var to = answer.Location is null ? "" : $" to {Shown(new Uri(address, answer.Location))}";
            return new SendingException(
                $"{Shown(address)} redirects{to} (status {(int)answer.Status}), which is not followed", hint ?? $"put the final address into {Profile}");
        }
        var wait = answer.RetryAfter is { } asked ? $", to be asked again in {PlainText.Span(asked)}" : "";
        return new SendingException($"{Shown(address)} answered {(int)answer.Status}{said}{wait}", hint ?? HintOf(answer), ambiguous, status: answer.Status);
    }

    /// <summary>A service's own word for what is wrong, when it is one: short, letters and blanks; a token or a text of somebody else's is none.</summary>
    public static string? Code(string? text) => text is not null && WordPattern().IsMatch(text) && !LongWord().IsMatch(text) ? text : null;

    private static string HintOf(Answer answer) => answer.Status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "the token or the address isn't allowed to do this: renew it, and give it the rights to post",
        HttpStatusCode.NotFound or HttpStatusCode.Gone => "the channel, or its webhook, is gone: make a new one and put its address into the profile",
        HttpStatusCode.TooManyRequests => "too much is sent there: what was to be told is in the report",
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge 
            => "the service didn't take the message: check that the channel's kind fits its address",
        >= HttpStatusCode.InternalServerError => "the service itself is failing: see its status page",
        _ => $"check {Profile}",
    };

    [GeneratedRegex(@"\A[A-Za-z0-9_ .,'-]{1,80}\z")]
    private static partial Regex WordPattern();

    [GeneratedRegex(@"[A-Za-z0-9]{17,}|[0-9]{8,}")]
    private static partial Regex LongWord();
}
