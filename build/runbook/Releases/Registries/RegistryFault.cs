namespace Runback.Runbook.Releases.Registries;

/// <summary>What kept a registry from answering.</summary>
public enum RegistryFault
{
    /// <summary>No connection: host unknown, nobody listens, connection broken.</summary>
    Unreachable,

    /// <summary>Connected, and no whole answer in time.</summary>
    TimedOut,

    /// <summary>TLS failed, or plain http was refused by our own rule.</summary>
    Untrusted,

    /// <summary>401: no credentials, or wrong ones.</summary>
    Unauthorized,

    /// <summary>403: known, and not allowed.</summary>
    Forbidden,

    /// <summary>404: the repository, or the thing in it, is unknown.</summary>
    NotFound,

    /// <summary>429: too many requests.</summary>
    TooManyRequests,

    /// <summary>5xx.</summary>
    ServerError,

    /// <summary>An answer of another shape than the specification's, too large, or not what its digest says.</summary>
    BadAnswer,
}
