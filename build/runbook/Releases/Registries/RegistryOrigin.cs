using System.Net;

namespace Runback.Runbook.Releases.Registries;

/// <summary>Finds where, and by which scheme, an image's registry is talked to.</summary>
internal static class RegistryOrigin
{
    private static readonly Uri DockerHub = new("https://registry-1.docker.io");

    /// <summary>
    /// The registry's address. https, but on loopback (where Docker, too, expects plain http) and where the profile allows it, whichever of http and
    /// https answers.
    /// </summary>
    /// <exception cref="RegistryException">The profile's address is plain http to another machine without leave.</exception>
    public static async Task<Uri> FindAsync(ImageReference image, RegistryOptions options, RegistryTransport transport, CancellationToken cancellation)
    {
        if (options.Address is { } given)
            return PlainHttp.Allows(given, options.AllowInsecure) ? given : throw RegistryFailures.PlainHttpRefused(given);
        if (image.IsOnDockerHub)
            return DockerHub;
        var plain = new Uri($"http://{image.Registry}");
        var secure = new Uri($"https://{image.Registry}");
        Uri[] candidates = image.IsOnLoopback ? [plain, secure] : options.AllowInsecure ? [secure, plain] : [secure];
        if (candidates.Length > 1)
        {
            foreach (var candidate in candidates)
            {
                if (await AnswersAsync(candidate, transport, cancellation))
                    return candidate;
            }
        }
        return candidates[0];
    }

    // Nothing secret is sent here. Servers that speak TLS answer plain http with 400.
    private static async Task<bool> AnswersAsync(Uri origin, RegistryTransport transport, CancellationToken cancellation)
    {
        try
        {
            var answer = await transport.SendOnceAsync(RegistryRequest.Get(new Uri(origin, "/v2/"), RegistryRequest.MiB), cancellation);
            return answer.Status != HttpStatusCode.BadRequest;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException or RegistryException)
        {
            return false;
        }
    }
}
