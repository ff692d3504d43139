using System.Net.Http.Headers;

namespace Runback.Runbook.Releases.Registries;

/// <summary>One request, as a value.</summary>
/// <param name="Method">GET, HEAD or POST.</param>
/// <param name="Address">Where to.</param>
/// <param name="Limit">How many bytes of body are taken at most.</param>
internal sealed record RegistryRequest(HttpMethod Method, Uri Address, int Limit)
{
    /// <summary>One mebibyte, in bytes.</summary>
    public const int MiB = 1024 * 1024;

    /// <summary>The media types wanted, best first.</summary>
    public IReadOnlyList<string> Accept { get; init; } = ["application/json"];

    /// <summary>Who asks. It is sent to the server of <see cref="Address"/> and to no other.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>The fields of a form to post, or null.</summary>
    public IReadOnlyDictionary<string, string>? Form { get; init; }

    /// <summary>A GET.</summary>
    public static RegistryRequest Get(Uri address, int limit) => new(HttpMethod.Get, address, limit);

    /// <summary>The message for an address that may be another one than asked, after a redirect.</summary>
    public HttpRequestMessage Message(Uri address)
    {
        var message = new HttpRequestMessage(Method, address);
        foreach (var type in Accept)
            message.Headers.TryAddWithoutValidation("Accept", type);
        if (IsSameServer(address, Address))
            message.Headers.Authorization = Authorization;
        if (Form is not null)
            message.Content = new FormUrlEncodedContent(Form);
        return message;
    }

    /// <summary>Whether two addresses have the same scheme, host and port.</summary>
    public static bool IsSameServer(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    // A record prints its members; this one holds a credential.
    /// <inheritdoc/>
    public override string ToString() => $"{Method} {RegistryException.Shown(Address)}";
}
