using System.Net;

namespace Runback.Runbook.Releases.Registries;

/// <summary>Which addresses may be talked to without TLS, and without a proxy in between: those of this machine.</summary>
public static class PlainHttp
{
    /// <summary>Whether a request may go there: https always, http to loopback, and elsewhere only where the profile allows it.</summary>
    public static bool Allows(Uri address, bool allowInsecure) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && (allowInsecure || IsLoopback(address)));

    /// <summary>Whether the address is this machine: <c>localhost</c>, 127.0.0.0/8 or <c>::1</c>.</summary>
    public static bool IsLoopback(Uri address) =>
        string.Equals(address.IdnHost, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.IdnHost, out var ip) && IPAddress.IsLoopback(ip));
}

/// <summary>The system's proxy, which is never asked for addresses of this machine: it would look for them on its own.</summary>
internal sealed class LoopbackBypass : IWebProxy
{
    private readonly IWebProxy _system = HttpClient.DefaultProxy;

    /// <inheritdoc/>
    public ICredentials? Credentials { get => _system.Credentials; set => _system.Credentials = value; }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => _system.GetProxy(destination);

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => PlainHttp.IsLoopback(host) || _system.IsBypassed(host);
}
