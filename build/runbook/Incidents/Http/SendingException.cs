using System.Net;

namespace Runback.Runbook.Incidents.Http;

/// <summary>A service was not reached, or refused.</summary>
/// <param name="message">What was found.</param>
/// <param name="hint">What to do about it.</param>
/// <param name="ambiguous">Whether the request may have been carried out although no answer says so.</param>
/// <param name="inner">What was thrown, or null.</param>
/// <param name="status">The refusal's status, or null where there was none.</param>
internal sealed class SendingException(string message, string hint, bool ambiguous = false, Exception? inner = null, HttpStatusCode? status = null) : Exception(message, inner)
{
    /// <summary>What to do about it.</summary>
    public string Hint { get; } = hint;

    /// <summary>Whether the request may have been carried out although no answer says so.</summary>
    public bool Ambiguous { get; } = ambiguous;

    /// <summary>The refusal's status, or null where there was none.</summary>
    public HttpStatusCode? Status { get; } = status;
}
