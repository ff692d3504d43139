using System.Net;
using Runback.Runbook.Incidents.Http;

namespace Runback.Runbook.Incidents.Channels;

/// <summary>
/// A Discord webhook: posted with <c>?wait=true</c>, so that the answer holds the message's id, and edited with
/// <c>PATCH …/messages/{id}</c> (Discord, "Execute Webhook" and "Edit Webhook Message").
/// </summary>
/// <param name="name">Its name for people.</param>
/// <param name="key">Its key.</param>
/// <param name="address">Its address, all of it secret but the host.</param>
internal sealed class DiscordChannel(string name, string key, Uri address) : IChannel
{
    // "Unknown Message" among Discord's JSON error codes; a webhook that is gone says 10015.
    private const string UnknownMessage = "10008";

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Key => key;

    /// <inheritdoc/>
    public bool Edits => true;

    /// <inheritdoc/>
    public async Task<Delivery> SendAsync(Telling telling, string? kept, Sending sending)
    {
        var body = DiscordMessage.Of(telling.Message, telling.Announcement.Moment, telling.Announcement.At);
        if (IsId(kept))
        {
            var edited = await sending.AskAsync(new Request(HttpMethod.Patch, With($"/messages/{kept}", ""), body));
            if (edited.IsSuccess)
                return new Delivery("edited", kept);
            if (edited.Status != HttpStatusCode.NotFound || edited.Member("code") != UnknownMessage)
                throw Refused(edited);
        }
        var posted = await sending.AskAsync(new Request(HttpMethod.Post, With("", "wait=true"), body));
        if (!posted.IsSuccess)
            throw Refused(posted);
        var id = posted.Member("id");
        return new Delivery("sent", IsId(id) ? id : null);
    }

    private SendingException Refused(Answer answer) => Failures.Refused(address, answer, answer.Member("message"));

    private Uri With(string path, string query)
    {
        // A line may name a thread: ?thread_id=…
        var queries = new[] { address.Query.TrimStart('?'), query }.Where(part => part.Length > 0);
        return new UriBuilder(address) { Path = address.AbsolutePath.TrimEnd('/') + path, Query = string.Join('&', queries) }.Uri;
    }

    private static bool IsId(string? text) => text is { Length: > 0 and <= 20 } && text.All(char.IsAsciiDigit);
}
