using System.Globalization;
using System.Text.RegularExpressions;

namespace Runback.Runbook.Profiles;

/// <summary>A request that a health check makes.</summary>
/// <param name="Port">The port, or null where it isn't a number.</param>
/// <param name="Path">The path.</param>
internal sealed record HealthRequest(int? Port, string Path);

/// <summary>Health and ready path, smoke requests, the port inside the container, and how long to wait for health.</summary>
internal static partial class HealthRules
{
    private const int MostSmokeRequests = 3;
    private const int UsualTimeout = 60;

    /// <summary>Paths that applications are known to answer when they live, the commonest first.</summary>
    public static IReadOnlyList<string> Live { get; } = ["/healthz", "/health", "/livez", "/health/live", "/api/health", "/api/healthz", "/api/v1/health", "/ping", "/healthcheck", "/status"];

    /// <summary>Paths that are known to say whether they are ready.</summary>
    public static IReadOnlyList<string> Ready { get; } = ["/readyz", "/ready", "/health/ready", "/readiness", "/api/readyz", "/api/ready", "/api/v1/ready"];

    public static void Propose(ProjectSurvey survey, AppChoice app, ProposalDraft draft)
    {
        if (app.First is null)
            return;
        var known = Known(survey, app);
        ProposeHealth(survey, app, known, draft);
        ProposeReady(survey, known, draft);
        ProposeSmoke(survey, draft);
        ProposePort(app, draft);
        if (app.Services.Max(service => service.HealthSeconds) is > UsualTimeout and var seconds)
            draft.Set("HealthTimeout", seconds, ProposalSource.Observed, "what the health checks may take as they are set");
    }

    /// <summary>The paths that the project itself names, with what names them.</summary>
    public static IReadOnlyList<(string Path, string Why)> Known(ProjectSurvey survey, AppChoice app)
    {
        List<(string? Path, string Why)> all =
        [
            .. app.Serving.Select(service => (RequestOf(service)?.Path, $"the health check of {service.Name}")),
            .. app.Serving.SelectMany(service => service.Labels.Where(label => label.Key.EndsWith(".healthcheck.path", StringComparison.Ordinal)).Select(label => ((string?)label.Value, $"Traefik's health check of {service.Name}"))),
        ];
        if (survey.Api is { } api)
        {
            all.AddRange(Live.Concat(Ready).Where(path => api.Paths.Contains(path, StringComparer.Ordinal)).Concat(api.Paths.Where(path => HealthName().IsMatch(path)).Order(StringComparer.Ordinal))
                .Select(path => ((string?)path, $"the API's description ({api.Where})")));
        }
        return [.. all.Where(one => one.Path is { Length: > 1 }).Select(one => (one.Path!, one.Why)).DistinctBy(one => one.Item1)];
    }

    /// <summary>The request that a service's health check makes; null when it makes none that can be read.</summary>
    public static HealthRequest? RequestOf(SurveyedService service)
    {
        var text = string.Join(' ', service.HealthTest.Skip(1));
        if ((BashRequest().Match(text) is { Success: true } bash ? bash : Request().Match(text)) is not { Success: true } match)
            return null;
        var path = match.Groups["path"].Value;
        return path.Contains('$', StringComparison.Ordinal) ? null : new HealthRequest(
            ushort.TryParse(match.Groups["port"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null, path.Length == 0 ? "/" : path);
    }

    private static void ProposeHealth(ProjectSurvey survey, AppChoice app, IReadOnlyList<(string Path, string Why)> known, ProposalDraft draft)
    {
        var live = known.Where(one => !ReadyName().IsMatch(one.Path)).ToList();
        // What answers through the proxy is what is asked for.
        var answering = live.Find(one => survey.Answers.TryGetValue(one.Path, out var answer) && answer.IsSuccess);
        if (answering.Path is not null)
            draft.Set("HealthPath", answering.Path, ProposalSource.Observed, $"{answering.Why}, and it answered");
        else if (Live.FirstOrDefault(path => survey.Answers.TryGetValue(path, out var answer) && answer.IsSuccess) is { } found)
            draft.Set("HealthPath", found, ProposalSource.Observed, "it answered");
        else if (live.Count > 0)
            draft.Set("HealthPath", live[0].Path, ProposalSource.Guessed, live[0].Why + (survey.Answers.TryGetValue(live[0].Path, out var answer) ? $"; through the proxy it answered {answer.Status}" : ""));
        else
            draft.Ask("HealthPath", $"which path answers when {string.Join(" and ", app.Serving.Select(service => service.Name))} live{(app.Serving.Count == 1 ? "s" : "")}, such as /healthz?", isNeeded: false);
    }

    private static void ProposePort(AppChoice app, ProposalDraft draft)
    {
        if (app.Serving.Count == 0 || app.Serving[0] is not { Compose.Ports.Count: 0 } first)
            return;
        var label = first.Labels.FirstOrDefault(label => label.Key.EndsWith(".loadbalancer.server.port", StringComparison.Ordinal)).Value;
        if (ushort.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var routed))
            draft.Set("ServicePort", (int)routed, ProposalSource.Observed, $"Traefik's label on {first.Name}");
        else if (RequestOf(first)?.Port is { } port)
            draft.Set("ServicePort", port, ProposalSource.Guessed, $"the health check of {first.Name} asks there, and the compose file names no port");
    }

    private static void ProposeReady(ProjectSurvey survey, IReadOnlyList<(string Path, string Why)> known, ProposalDraft draft)
    {
        if (survey.Answers.Where(answer => answer.Value.IsReadiness).Select(answer => answer.Key).Order(StringComparer.Ordinal).FirstOrDefault() is { } found)
        {
            draft.Set("ReadyPath", found, ProposalSource.Observed, "it answered with a readiness payload");
            return;
        }
        if (known.FirstOrDefault(one => ReadyName().IsMatch(one.Path)) is { Path: { } path, Why: { } why })
            draft.Set("ReadyPath", path, ProposalSource.Guessed, $"{why}; whether its payload can be read wasn't seen");
        else if (draft.Text("ReadyPath") is null)
            draft.Note("no path is known that tells readiness: Verify would ask /readyz", "name it with --ready-path, `none` where nothing tells it");
    }

    private static void ProposeSmoke(ProjectSurvey survey, ProposalDraft draft)
    {
        if (survey.Api is not { } api)
            return;
        var asked = api.Requests.Where(request => survey.Answers.ContainsKey(request.Path)).ToList();
        var chosen = (asked.Count > 0 ? asked.Where(request => survey.Answers[request.Path].Status == 200) : api.Requests).Take(MostSmokeRequests).ToList();
        if (chosen.Count > 0)
            draft.Set("SmokeRequests", chosen.Select(request => request.Line), asked.Count > 0 ? ProposalSource.Observed : ProposalSource.Guessed, $"{api.Where} lets anybody ask {(chosen.Count == 1 ? "it" : "them")}{(asked.Count > 0 ? ", and each answered" : "")}");
    }

    // With a scheme any host; without one, as wget and curl allow it, this host only.
    [GeneratedRegex(@"(?:https?://(?:\[[0-9a-f:]+\]|[\w.$\{\}-]+)|(?<![\w/])(?:localhost|127\.0\.0\.1|0\.0\.0\.0))(?::(?<port>\d+|\$\{?\w+[^/}\s]*\}?))?(?<path>/[^\s'""\)\|;&>,]*)?", RegexOptions.IgnoreCase)]
    private static partial Regex Request();

    // Bash's own way to a port (Bash manual, "Redirections").
    [GeneratedRegex(@"/dev/tcp/[^/\s]+/(?<port>\d+).*?\b(?:GET|HEAD)\s+(?<path>/[^\s'""]*)", RegexOptions.Singleline)]
    private static partial Regex BashRequest();

    [GeneratedRegex(@"ready|readiness", RegexOptions.IgnoreCase)]
    private static partial Regex ReadyName();

    [GeneratedRegex(@"/(?:health|live|ready|readiness|ping)[\w-]*/?$", RegexOptions.IgnoreCase)]
    private static partial Regex HealthName();
}
