using System.Text.Json.Nodes;
using Runback.Runbook.Incidents.Http;

namespace Runback.Runbook.Incidents.Channels;

/// <summary>A webhook that takes a JSON body and gives nothing back by which the message could be edited: Slack's, Teams', any other.</summary>
/// <param name="name">Its name for people.</param>
/// <param name="key">Its key.</param>
/// <param name="address">Its address, all of it secret but the host.</param>
/// <param name="form">The body.</param>
internal sealed class WebhookChannel(string name, string key, Uri address, Func<Telling, JsonObject> form) : IChannel
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Key => key;

    /// <inheritdoc/>
    public bool Edits => false;

    /// <inheritdoc/>
    public async Task<Delivery> SendAsync(Telling telling, string? kept, Sending sending)
    {
        var answer = await sending.AskAsync(new Request(HttpMethod.Post, address, form(telling))
        {
            // So that a receiver that cares can tell a repeat from a second message.
            Headers = new Dictionary<string, string> { ["Idempotency-Key"] = $"{telling.Announcement.Run}-{telling.Announcement.Moment}" },
        });
        // Slack says what is wrong as the body itself.
        return answer.IsSuccess ? new Delivery("sent") : throw Failures.Refused(address, answer, answer.Body.Trim());
    }
}
