using Runback.Runbook.Incidents.GitHub;
using Runback.Runbook.Incidents.Http;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Incidents.FollowUps;

/// <summary>
/// The follow-up ticket for the forward-fix: a GitHub issue, made once for one run however often it is run again. Before it is created it is
/// looked for, by what the run kept and by the hidden marker in its body; a creation that nobody answered is looked for again before a second one.
/// </summary>
public sealed class FollowUpTicket
{
    /// <summary>The file in the run's folder that holds the ticket's text.</summary>
    public const string BodyFileName = "follow-up.md";

    private const int MostTries = 3;
    private readonly FollowUpOptions _options;
    private readonly FollowUpTemplate _template;
    private readonly GitHubServer _server;
    private readonly Run _run;
    private readonly IncidentMemory _memory;

    private FollowUpTicket(FollowUpOptions options, FollowUpTemplate template, GitHubServer server, Run run, IncidentMemory memory)
    {
        _options = options;
        _template = template;
        _server = server;
        _run = run;
        _memory = memory;
    }

    /// <summary>Reads the template and checks the options; nothing is sent.</summary>
    /// <param name="options">Where the ticket is made.</param>
    /// <param name="run">The run, which masks the token from here on.</param>
    /// <param name="memory">What the run keeps: <see cref="Announcer.Memory"/>, or one of its own.</param>
    /// <exception cref="RunbookException">The repository, the address or the template can't be used.</exception>
    public static FollowUpTicket Create(FollowUpOptions options, Run run, IncidentMemory memory)
    {
        run.Secrets.Add(options.Token);
        if (options.Repository is { } repository && !GitHubServer.IsRepository(repository))
            throw RunbookException.Usage("expected a repository as owner/name for the follow-up ticket, found another text", "set it like --follow-up-repository team/api, or GITHUB_REPOSITORY");
        return new FollowUpTicket(options, FollowUpTemplate.Load(options.TemplateFile), GitHubServer.Parse(options.ApiUrl, options.AllowInsecure), run, memory);
    }

    /// <summary>Makes the ticket, unless the run has it; in a dry run only shows it. Never throws for what GitHub does.</summary>
    /// <param name="facts">What it tells.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<FollowUpResult> EnsureAsync(FollowUpFacts facts, CancellationToken cancellation)
    {
        var run = _memory.FirstRun;
        var title = _run.Secrets.Mask(_template.Title(facts, run));
        var body = _run.Secrets.Mask(_template.Body(facts, run));
        if (_run.DryRun)
            return Show(title, body);
        var file = Write(title, body);
        var byHand = _options.Repository is null ? null : new Uri(_server.Web, $"{_options.Repository}/issues/new");
        if (_memory.Ticket is { } kept && Uri.TryCreate(kept.Url, UriKind.Absolute, out var url))
            return new FollowUpResult(FollowUpState.Found, url, $"the follow-up ticket is {kept.Repository}#{kept.Number}", null, file);
        if (byHand is null || string.IsNullOrEmpty(_options.Token))
        {
            var missing = byHand is null ? "no repository" : "no token";
            return new FollowUpResult(
                FollowUpState.Written, byHand, $"there is {missing} for the follow-up ticket `{title}`: its text is in {file ?? "the report"}",
                byHand is null ? "paste it into the team's tracker, or give GITHUB_REPOSITORY and GITHUB_TOKEN" : $"paste it at {byHand}, or give GITHUB_TOKEN", file);
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_options.Limit);
        try
        {
            return await MakeAsync(title, body, facts, file, limit.Token);
        }
        catch (Exception exception) when (exception is SendingException or OperationCanceledException)
        {
            var why = exception is SendingException ? _run.Secrets.Mask(exception.Message)
                : cancellation.IsCancellationRequested ? "interrupted" : $"no answer within {PlainText.Span(_options.Limit)}";
            var hint = (exception as SendingException)?.Hint;
            return new FollowUpResult(
                FollowUpState.Failed, byHand, $"the follow-up ticket could not be made: {why}; its text is in {file ?? "the report"}",
                $"{(hint is null ? "" : hint + "; ")}run the same command again, or paste it at {byHand}", file);
        }
    }

    private async Task<FollowUpResult> MakeAsync(string title, string body, FollowUpFacts facts, string? file, CancellationToken cancellation)
    {
        using var transport = new Transport(new TransportOptions { AllowInsecure = _options.AllowInsecure, AttemptTimeout = _options.AttemptLimit, FirstPause = _options.FirstPause });
        var sending = new Sending(transport, new Deadline(_options.Limit), cancellation);
        using var api = new GitHubApi(_server, _options.Token!, sending);
        for (var attempt = 1; ; attempt++)
        {
            if (await api.FindIssueAsync(_options.Repository!, Since(facts), _memory.FirstRun) is { } found)
                return Kept(found, FollowUpState.Found, file);
            try
            {
                return Kept(await api.CreateIssueAsync(_options.Repository!, title, body, Labels()), FollowUpState.Created, file);
            }
            catch (SendingException exception) when (exception.Ambiguous && attempt < MostTries)
            {
                await sending.PauseAsync(_options.FirstPause * attempt);
            }
        }
    }

    private FollowUpResult Kept(long number, FollowUpState state, string? file)
    {
        // Its address is built here, not taken from the answer.
        var url = new Uri(_server.Web, $"{_options.Repository}/issues/{number}");
        _memory.Keep(new IncidentMemory.KeptTicket(_options.Repository!, number, url.AbsoluteUri));
        return new FollowUpResult(state, url, $"the follow-up ticket is {_options.Repository}#{number}", null, file);
    }

    private FollowUpResult Show(string title, string body)
    {
        _run.Narration.Say($"follow-up ticket: would be made in {_options.Repository ?? "no repository, only written down"}: {title}");
        foreach (var line in body.TrimEnd().Split('\n'))
            _run.Narration.Say($"    {line}");
        return new FollowUpResult(FollowUpState.Shown, null, "dry run, no ticket was made", null, null);
    }

    private string? Write(string title, string body)
    {
        if (_run.Folder is null)
            return null;
        var file = Path.Combine(_run.Folder, BodyFileName);
        try
        {
            PrivateFiles.Replace(file, $"# {title}\n\n{body}");
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _run.Narration.Warn($"{BodyFileName} can't be written: {exception.Message}", "make room on the disk that holds the deployment's .runback folder");
            return null;
        }
    }

    // The issues that changed since a little before the run: a clock may be off.
    private static DateTimeOffset Since(FollowUpFacts facts) => facts.StartedAt.AddHours(-2);

    private IEnumerable<string> Labels() => _options.Labels.Where(label => !string.IsNullOrWhiteSpace(label)).Select(label => label.Trim());
}
