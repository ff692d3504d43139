using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Runback.Runbook.Incidents.GitHub;
using Runback.Runbook.Incidents.Http;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Incidents.Channels;

/// <summary>The channels that a profile names, one in a line: its kind, a blank, and where.</summary>
internal static partial class ChannelList
{
    private const string Kinds = "`slack https://…`, `slack-bot #channel`, `teams https://…`, `discord https://…`, `webhook https://…`, `github`";
    private const int LongestLine = 4096;

    /// <summary>Reads the lines. Empty ones are skipped; the same one twice is one channel.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="options">Tokens and servers.</param>
    /// <param name="secrets">Learns every secret that the lines and options hold.</param>
    /// <exception cref="RunbookException">A line isn't one. It is never shown: it may hold a secret in any place.</exception>
    public static IReadOnlyList<IChannel> Parse(IEnumerable<string> lines, AnnouncerOptions options, Secrets secrets)
    {
        secrets.Add(options.SlackToken, options.GitHubToken);
        var server = GitHubServer.Parse(options.GitHubApiUrl, options.AllowInsecure);
        var distinct = lines.Select((line, index) => (Text: line.Trim(), Number: index + 1)).Where(line => line.Text.Length > 0).DistinctBy(line => line.Text);
        return Named(distinct.Select(line => One(line.Text, line.Number, options, server, secrets)).ToList());
    }

    private static Entry One(string line, int number, AnnouncerOptions options, GitHubServer server, Secrets secrets)
    {
        if (line.Length > LongestLine)
            throw Bad(number, "a line longer than any address");
        var separator = line.IndexOfAny([' ', '\t']);
        var kind = separator < 0 ? line : line[..separator];
        var where = separator < 0 ? "" : line[separator..].Trim();
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)))[..16];
        switch (kind)
        {
            case "slack" or "teams" or "discord" or "webhook":
                var address = Address(kind, where, number, options.AllowInsecure);
                secrets.Add(SecretsOf(where, address));
                return new Entry($"{kind} {Failures.Shown(address)}", name => Webhook(kind, name, key, address));
            case "slack-bot":
                if (!SlackChannel().IsMatch(where))
                    throw Bad(number, "`slack-bot` without a channel's name or id");
                var api = Base(options);
                return new Entry($"slack-bot {where}", _ => new SlackBotChannel(key, api, where, options.SlackToken));
            case "github" when where.Length == 0:
                return new Entry("github", _ => new GitHubCommentChannel(key, server, options.Repository, options.GitHubToken));
            case "github":
                throw Bad(number, "`github` with something behind it; the issue is named by --incident");
            default:
                throw Bad(number, KindPattern().IsMatch(kind) ? $"the kind `{kind}`"
                    : kind.Contains("://", StringComparison.Ordinal) ? "an address without a kind before it" : "no kind that is known");
        }
    }

    private static IChannel Webhook(string kind, string name, string key, Uri address) => kind switch
    {
        "discord" => new DiscordChannel(name, key, address),
        "slack" => new WebhookChannel(name, key, address, telling => SlackMessage.Of(telling.Message)),
        "teams" => new WebhookChannel(name, key, address, telling => TeamsCard.Of(telling.Message, telling.Announcement.Moment)),
        _ => new WebhookChannel(name, key, address, telling => WebhookDocument.Of(telling.Announcement, telling.Message)),
    };

    private static Uri Address(string kind, string where, int number, bool allowInsecure)
    {
        if (!Uri.TryCreate(where, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || where.Any(char.IsWhiteSpace))
            throw Bad(number, $"`{kind}` without an address (https://…) behind it");
        if (address.UserInfo.Length > 0)
            throw Bad(number, $"`{kind}` with a user or password before the host");
        if (!PlainHttp.Allows(address, allowInsecure))
            throw Bad(number, $"`{kind}` with plain http to {address.Authority}");
        return new UriBuilder(address) { Fragment = "" }.Uri;
    }

    private static Uri Base(AnnouncerOptions options) =>
        Uri.TryCreate(options.SlackApiUrl.TrimEnd('/') + "/", UriKind.Absolute, out var api) && PlainHttp.Allows(api, options.AllowInsecure) && api.UserInfo.Length == 0
            ? api
            : throw RunbookException.Usage("expected an https address for Slack's Web API, found another", "leave SLACK_API_URL away, or give https://slack-gov.com/api/ for GovSlack");

    // The whole address, and those of its parts that are long or mixed enough to be a secret by themselves: a service may echo only one of them.
    private static IEnumerable<string> SecretsOf(string where, Uri address)
    {
        IEnumerable<string> whole = [where, address.AbsoluteUri, address.OriginalString];
        var parts = address.AbsolutePath.Split('/').Concat(address.Query.TrimStart('?').Split('&').Select(pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]));
        return whole.Append(address.PathAndQuery.Length > 8 ? address.PathAndQuery : null).OfType<string>()
            .Concat(parts.SelectMany(part => new[] { part, Uri.UnescapeDataString(part) }).Where(part => part.Length >= 16 || (part.Length >= 8 && part.Any(char.IsAsciiDigit))));
    }

    private static List<IChannel> Named(List<Entry> entries)
    {
        var channels = new List<IChannel>();
        foreach (var entry in entries)
        {
            var before = channels.Count(channel => channel.Name == entry.Name || channel.Name.StartsWith(entry.Name + " (", StringComparison.Ordinal));
            channels.Add(entry.Make(before == 0 ? entry.Name : $"{entry.Name} ({before + 1})"));
        }
        return channels;
    }

    private static RunbookException Bad(int number, string found) => RunbookException.Usage(
        $"expected a channel in line {number} of those to announce to, found {found}", $"a line is one of {Kinds}; plain http only to this machine");

    private sealed record Entry(string Name, Func<string, IChannel> Make);

    [GeneratedRegex(@"\A[a-z-]{1,20}\z")]
    private static partial Regex KindPattern();

    [GeneratedRegex(@"\A#?[^\s\p{C}<>&:/@#]{1,80}\z")]
    private static partial Regex SlackChannel();
}
