using Runback.Runbook.Incidents;
using Runback.Runbook.Incidents.FollowUps;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;

// The incident around a rollback: who is told, what the checklist says, the ticket for the forward-fix.
internal sealed partial class Build
{
    [Parameter("Who is told, a line each: `slack https://…`, `slack-bot #incidents`, `teams https://…`, `discord https://…`, `webhook https://…`, `github`", Separator = "\n"), Secret]
    private readonly string[] AnnounceTo = [];

    [Parameter("The token of the Slack bot"), Secret]
    private readonly string? SlackToken;

    [Parameter("The token for comments and tickets on GitHub"), Secret]
    private readonly string? GithubToken;

    [Parameter("GitHub's REST API, for an Enterprise Server: https://HOST/api/v3")]
    private readonly string? GithubApiUrl;

    [Parameter("The repository, owner/name, in which the ticket for the forward-fix is made, and to which an incident #N belongs")]
    private readonly string? FollowUpRepository;

    [Parameter("The labels of that ticket")]
    private readonly string[] FollowUpLabels = ["forward-fix"];

    [Parameter("A file with that ticket's text, with placeholders such as {release}; a built-in one when not given")]
    private readonly string? FollowUpTemplate;

    [Parameter("What Announce tells, in a line")]
    private readonly string? Message;

    private Target Announce => _ => _
        .Description("Tells everybody in --announce-to something about the deployment: --message; --dry-run shows it")
        .Requires(() => Message)
        .Executes(() => Wait(async cancellation =>
        {
            using var run = Begin();
            using var announcer = Announcer.Create(AnnounceTo, AnnouncerOptions, run);
            var results = await announcer.SayAsync(
                new Announcement { Moment = Moment.Start, Deployment = ProjectName ?? Path.GetFileName(Deployment.Directory), Run = run.Id, Target = "Announce", Incident = Incident, Reason = Reason, Summary = Message }, cancellation);
            run.Result.Announcements = results;
            _document = _secrets.Mask(run.End());
            foreach (var result in results)
                Tell($"{(result.Delivered ? "told   " : "NOT TOLD")} {result.Channel}: {result.Detail}");
            if (results.Any(result => !result.Delivered) && !DryRun)
                ExitCode = Outcome.Failed.ExitCode();
        }));

    private Target Checklist => _ => _
        .Description("Answers the runbook's pre-rollback checklist by what is observed and given; with --tag also what a rollback to it would need")
        .Executes(() => Wait(async cancellation =>
        {
            using var run = Begin(reads: true);
            await using var operation = Attended(new RollbackOperation(Deployment, Request, run, RegistryOptions));
            var checklist = await operation.ChecklistAsync(cancellation);
            _document = _secrets.Mask(checklist.ToJson());
            foreach (var line in ChecklistText.Lines(checklist))
                Tell(line);
        }));

    private AnnouncerOptions AnnouncerOptions
    {
        get
        {
            var given = AnnouncerOptions.FromEnvironment();
            return given with
            {
                SlackToken = SlackToken ?? given.SlackToken, GitHubToken = GithubToken ?? given.GitHubToken,
                GitHubApiUrl = GithubApiUrl ?? given.GitHubApiUrl, Repository = FollowUpRepository ?? given.Repository,
            };
        }
    }

    // What is wrong with a channel or a template is said before anything is changed.
    private RollbackOperation Attended(RollbackOperation operation)
    {
        var options = AnnouncerOptions;
        _secrets.Add(options.SlackToken, options.GitHubToken);
        var announcer = Announcer.Create(AnnounceTo, options, operation.Run);
        var ticket = FollowUpTicket.Create(
            new FollowUpOptions { Repository = options.Repository, Token = options.GitHubToken, ApiUrl = options.GitHubApiUrl, Labels = FollowUpLabels, TemplateFile = FollowUpTemplate },
            operation.Run, announcer.Memory);
        operation.Attend(announcer, ticket, options);
        return operation;
    }
}
