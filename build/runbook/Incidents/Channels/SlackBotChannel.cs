using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Runback.Runbook.Incidents.Http;

namespace Runback.Runbook.Incidents.Channels;

/// <summary>
/// A Slack channel written to by a bot (<c>chat.postMessage</c>, <c>chat.update</c>): one message for a run, edited to how it stands, and each
/// further moment as a reply in its thread, because an edit notifies nobody. A message's id is kept as <c>channel:ts</c>.
/// </summary>
/// <param name="key">Its key.</param>
/// <param name="api">The Web API's base address.</param>
/// <param name="channel">The channel's name or id.</param>
/// <param name="token">The bot's token, or null when none was given.</param>
internal sealed partial class SlackBotChannel(string key, Uri api, string channel, string? token) : IChannel
{
    /// <inheritdoc/>
    public string Name => $"slack-bot {channel}";

    /// <inheritdoc/>
    public string Key => key;

    /// <inheritdoc/>
    public bool Edits => true;

    /// <inheritdoc/>
    public async Task<Delivery> SendAsync(Telling telling, string? kept, Sending sending)
    {
        if (string.IsNullOrEmpty(token))
            throw new SendingException("there is no token for Slack", "give the bot's token (xoxb-...) in SLACK_TOKEN");
        var known = kept is null ? null : KeptPattern().Match(kept) is { Success: true } match ? match : null;
        if (known is not null && await UpdateAsync(sending, known, telling.Message))
        {
            if (telling.Announcement.Moment == Moment.Start)
                return new Delivery("edited", kept);
            try
            {
                await CallAsync(sending, "chat.postMessage", At(known, SlackMessage.Reply(telling.Message), "thread_ts"));
            }
            catch (SendingException exception)
            {
                return new Delivery("edited", kept, $"but not replied in its thread: {exception.Message}");
            }
            return new Delivery("edited, and replied in its thread", kept);
        }
        var body = SlackMessage.Of(telling.Message);
        body["channel"] = channel;
        var posted = await CallAsync(sending, "chat.postMessage", body);
        var id = $"{posted.Member("channel")}:{posted.Member("ts")}";
        return new Delivery("sent", KeptPattern().IsMatch(id) ? id : null);
    }

    private async Task<bool> UpdateAsync(Sending sending, Match known, AnnouncementMessage message)
    {
        var answer = await AskAsync(sending, "chat.update", At(known, SlackMessage.Of(message), "ts"));
        return answer.Member("error") is "message_not_found" or "cant_update_message" or "edit_window_closed" or "channel_not_found" or "is_inactive"
            ? false
            : Checked(answer) is not null;
    }

    private static JsonObject At(Match known, JsonObject body, string name)
    {
        body["channel"] = known.Groups["channel"].Value;
        body[name] = known.Groups["ts"].Value;
        return body;
    }

    private async Task<Answer> CallAsync(Sending sending, string method, JsonObject body) => Checked(await AskAsync(sending, method, body));

    private Task<Answer> AskAsync(Sending sending, string method, JsonObject body) =>
        sending.AskAsync(new Request(HttpMethod.Post, new Uri(api, method), body) { Token = token });

    private Answer Checked(Answer answer)
    {
        if (answer.Status == HttpStatusCode.OK && answer.Json is JsonObject { } said && said["ok"] is JsonValue ok && ok.TryGetValue<bool>(out var done) && done)
            return answer;
        var error = answer.Member("error");
        throw Failures.Refused(api, answer, error, error switch
        {
            "not_in_channel" or "channel_not_found" => $"invite the bot into {channel} (/invite), or give it chat:write.public",
            "invalid_auth" or "not_authed" or "token_revoked" or "token_expired" or "account_inactive" => "the token isn't valid: give the bot's token (xoxb-...) in SLACK_TOKEN",
            "missing_scope" => "give the bot the scope chat:write, and install it again",
            "is_archived" => $"{channel} is archived: name another one in the profile",
            _ => null,
        });
    }

    [GeneratedRegex(@"\A(?<channel>[A-Z0-9]{1,40}):(?<ts>[0-9]{1,20}\.[0-9]{1,20})\z")]
    private static partial Regex KeptPattern();
}
