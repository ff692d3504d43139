using Runback.Runbook.Runs;

namespace Runback.Runbook.Deployments;

/// <summary>Addresses that people give.</summary>
public static class Urls
{
    /// <summary>Reads the application's base address.</summary>
    /// <exception cref="RunbookException">It isn't an http or https address, or holds a password.</exception>
    public static Uri Base(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw RunbookException.Usage($"expected an address like https://api.example.com for the base URL, found `{text}`", "set --base-url");
        return url.UserInfo.Length == 0
            ? url
            : throw RunbookException.Usage("expected a base URL without a user and password in it", "addresses turn up in logs and reports: remove them");
    }
}
