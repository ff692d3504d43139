using System.Text.RegularExpressions;

namespace Runback.Runbook.Profiles;

/// <summary>An address under which the application may be reached.</summary>
/// <param name="Url">The address.</param>
/// <param name="Why">What tells it.</param>
/// <param name="IsStated">Whether the project states it, rather than that it is concluded.</param>
internal sealed record AddressCandidate(Uri Url, string Why, bool IsStated);

/// <summary>Where the application is reached: through its proxy where it has one, else by its own published port.</summary>
internal static partial class AddressRules
{
    public static void Propose(ProjectSurvey survey, AppChoice app, ProposalDraft draft)
    {
        var candidates = Candidates(survey, app);
        var chosen = candidates.FirstOrDefault(candidate => candidate.Url == survey.Answering) ?? (candidates.Count > 0 ? candidates[0] : null);
        if (chosen is null)
        {
            var proxies = survey.Services.Where(IsProxy).Select(service => service.Name).ToList();
            draft.Ask("BaseUrl", proxies.Count > 0 ? $"where is the application reached through {string.Join(" and ", proxies)}, such as https://api.example.com?"
                : "where is the application reached? (no service of it publishes a port)", isNeeded: true);
            return;
        }
        var answered = survey.Answering is not null;
        draft.Set("BaseUrl", Text(chosen.Url), answered || chosen.IsStated ? ProposalSource.Observed : ProposalSource.Guessed, chosen.Why + (answered ? ", and it answered" : ""));
    }

    /// <summary>The addresses that the project tells or suggests, the likeliest first.</summary>
    public static IReadOnlyList<AddressCandidate> Candidates(ProjectSurvey survey, AppChoice app)
    {
        var proxies = survey.Services.Where(service => !service.IsAsleep && IsProxy(service)).ToList();
        var isSecure = proxies.Exists(proxy => proxy.Published.Any(port => port.Target == 443 || port.Number == 443));
        List<AddressCandidate?> found =
        [
            .. app.Serving.Select(Traefik),
            .. app.Serving.Select(CaddyLabel),
            .. app.Serving.Select(service => VirtualHost(service, isSecure)),
            .. proxies.Select(proxy => survey.ProxyFiles.GetValueOrDefault(proxy.Name) is { } text ? Configured(proxy, text) : null),
            // A proxy that speaks https answers by name, and sends everybody else away.
            .. isSecure ? [] : proxies.SelectMany(Ports),
            .. app.Serving.SelectMany(Ports),
        ];
        return [.. found.OfType<AddressCandidate>().DistinctBy(candidate => candidate.Url)];
    }

    private static bool IsProxy(SurveyedService service) => KnownImages.IsProxy(service.ImageName);

    // Traefik documentation, "Routers": Host(`a.example.com`).
    private static AddressCandidate? Traefik(SurveyedService service)
    {
        var rules = service.Labels.Where(label => label.Key.StartsWith("traefik.http.routers.", StringComparison.Ordinal)).ToList();
        foreach (var rule in rules.Where(label => label.Key.EndsWith(".rule", StringComparison.Ordinal)))
        {
            if (TraefikHost().Match(rule.Value) is not { Success: true } match)
                continue;
            var isSecure = rules.Exists(label => label.Key.Contains(".tls", StringComparison.Ordinal) || (label.Key.EndsWith(".entrypoints", StringComparison.Ordinal) && SecureEntry().IsMatch(label.Value)));
            return Candidate(isSecure ? "https" : "http", match.Groups[1].Value, $"Traefik's rule on {service.Name}", isStated: true);
        }
        return null;
    }

    private static AddressCandidate? CaddyLabel(SurveyedService service) =>
        service.Labels.GetValueOrDefault("caddy") is { } site && Site(site) is var (scheme, host) ? Candidate(scheme, host, $"Caddy's label on {service.Name}", isStated: true) : null;

    private static AddressCandidate? VirtualHost(SurveyedService service, bool isSecure) =>
        service.Compose.Environment.GetValueOrDefault("VIRTUAL_HOST") is { Length: > 0 } hosts
            ? Candidate(isSecure || service.Compose.Environment.ContainsKey("LETSENCRYPT_HOST") ? "https" : "http", hosts.Split(',')[0].Trim(), $"VIRTUAL_HOST of {service.Name}", isStated: true) : null;

    private static AddressCandidate? Configured(SurveyedService proxy, string text)
    {
        if (proxy.ImageName.StartsWith("caddy", StringComparison.Ordinal))
            return CaddySite().Matches(text).Select(match => Site(match.Groups[1].Value)).FirstOrDefault(site => site is not null) is var (scheme, host)
                ? Candidate(scheme, host, $"the Caddyfile of {proxy.Name}", isStated: true) : null;
        var name = NginxName().Matches(text).Select(match => match.Groups[1].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0])
            .FirstOrDefault(host => host is not ("_" or "localhost") && HostName().IsMatch(host));
        return name is null ? null : Candidate(NginxSecure().IsMatch(text) ? "https" : "http", name, $"server_name of {proxy.Name}", isStated: true);
    }

    private static IEnumerable<AddressCandidate> Ports(SurveyedService service) =>
        service.Published.Where(port => port.Target != 443).OrderBy(port => port.Target is 80 or 8000 or 8080 ? 0 : 1).Take(1).Select(port => new AddressCandidate(
            new Uri($"http://{(port.Address is "" or "0.0.0.0" or "::" ? "127.0.0.1" : port.Address.Contains(':', StringComparison.Ordinal) ? $"[{port.Address}]" : port.Address)}{(port.Number == 80 ? "" : $":{port.Number}")}"),
            $"{service.Name} publishes port {port.Number}", IsStated: false));

    // Caddy documentation, "Addresses": a name without a scheme is served over https; a port alone, and a name of this host, aren't.
    private static (string Scheme, string Host)? Site(string address)
    {
        var first = address.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
        var scheme = first.StartsWith("http://", StringComparison.Ordinal) || first.EndsWith(":80", StringComparison.Ordinal) ? "http" : "https";
        var host = first[(first.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? at + 3 : 0)..].TrimEnd('/');
        host = host.EndsWith(":80", StringComparison.Ordinal) || host.EndsWith(":443", StringComparison.Ordinal) ? host[..host.LastIndexOf(':')] : host;
        return HostName().IsMatch(host) && host.Contains('.', StringComparison.Ordinal) ? (scheme, host) : null;
    }

    private static AddressCandidate? Candidate(string scheme, string host, string why, bool isStated) =>
        HostName().IsMatch(host) && Uri.TryCreate($"{scheme}://{host}", UriKind.Absolute, out var url) ? new AddressCandidate(url, why, isStated) : null;

    private static string Text(Uri url) => url.GetLeftPart(UriPartial.Authority);

    [GeneratedRegex(@"Host\(\s*[`'""]([^`'""]+)[`'""]")]
    private static partial Regex TraefikHost();

    [GeneratedRegex("https|websecure|tls|443", RegexOptions.IgnoreCase)]
    private static partial Regex SecureEntry();

    [GeneratedRegex(@"^(?!\s|#|\(|\{)([^\s{][^{\n]*?)\s*\{", RegexOptions.Multiline)]
    private static partial Regex CaddySite();

    [GeneratedRegex(@"^\s*server_name\s+([^;]+);", RegexOptions.Multiline)]
    private static partial Regex NginxName();

    [GeneratedRegex(@"^\s*listen\s+[^;]*\bssl\b", RegexOptions.Multiline)]
    private static partial Regex NginxSecure();

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$")]
    private static partial Regex HostName();
}
