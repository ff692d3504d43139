using Runback.Runbook.Deployments;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;
using Runback.Runbook.Verification.Logs;
using Runback.Runbook.Verification.Metrics;

// What a verification looks at (the runbook's section 5), for how long, and who may overrule what the ledger says.
internal sealed partial class Build
{
    [Parameter("The path of the metrics in Prometheus' text format; they aren't looked at when not given")]
    private readonly string? MetricsPath;

    [Parameter("The bearer token of the metrics; that of --metrics-token-variable in the env file when not given"), Secret]
    private readonly string? MetricsToken;

    [Parameter("The variable of the env file that holds the bearer token of the metrics")]
    private readonly string MetricsTokenVariable = "METRICS_TOKEN";

    [Parameter("Sends the bearer token of the metrics over plain http to a base URL that isn't on this host")]
    private readonly bool AllowInsecureMetrics;

    [Parameter("Series that the metrics must have: `http_requests_total{method=\"GET\"}`", Separator = "\n")]
    private readonly string[] MetricsSeries = [];

    [Parameter("The series that count requests that failed, all of its name counting requests: `http_requests_total{status=~\"5..\"}`")]
    private readonly string? ErrorSeries;

    [Parameter("The percentage of requests that may fail, unless as many failed before")]
    private readonly int ErrorLimit = 5;

    [Parameter("Patterns (regular expressions) of which the app services' logs may hold none since their containers' start", Separator = "\n")]
    private readonly string[] LogFail = [];

    [Parameter("Patterns of events in the logs that count for nothing", Separator = "\n")]
    private readonly string[] LogIgnore = [];

    [Parameter("How far back logs are read at most, before the exchange and since: 90s, 30m, 1h30m")]
    private readonly string LogWindow = "10m";

    [Parameter("How long a verification may take, in seconds; as long as its checks reasonably need when not given")]
    private readonly int? VerifyTimeout;

    [Parameter("Keeps verifying and shows how it stands, until Ctrl-C or --good-after; for Verify alone")]
    private readonly bool Watch;

    [Parameter("Notes a release as good only when everything has been good for so long: 90s, 30m, 1h30m; for Verify alone")]
    private readonly string? GoodAfter;

    [Parameter("How long --watch and --good-after wait between two looks, in seconds")]
    private readonly int WatchInterval = 5;

    private Target Trust => _ => _
        .Description("Notes that --approved-by vouches for --tag, which was rolled back from, for --reason: `previous` picks it again once it has verified good")
        .Requires(() => Tag)
        .Executes(() => Step(rollback => rollback.TrustAsync));

    private MetricsOptions? Metrics => MetricsPath is null ? null : new MetricsOptions(MetricsPath.StartsWith('/') && !MetricsPath.StartsWith("//", StringComparison.Ordinal) ? MetricsPath
        : throw RunbookException.Usage($"expected a path that begins with one `/` for --metrics-path, found `{MetricsPath}`", "the base URL comes before it"))
    {
        Token = MetricsBearer,
        Series = [.. MetricsSeries.Select(SeriesSelector.Parse)],
        Errors = ErrorSeries is null ? null : SeriesSelector.Parse(ErrorSeries),
        Limit = ErrorLimit is >= 0 and <= 100 ? ErrorLimit / 100.0 : throw RunbookException.Usage($"expected a percentage for --error-limit, found {ErrorLimit}", "give it on the command line or in the profile"),
    };

    // Found before the run begins: a check that fails for it would take the release back.
    private string? MetricsBearer
    {
        get
        {
            var token = MetricsToken ?? EnvFileValue(MetricsTokenVariable);
            return token is null || PlainHttp.Allows(Deployment.BaseUrl, AllowInsecureMetrics) ? token
                : throw RunbookException.Usage(
                    $"expected https for the token of the metrics, found {Deployment.BaseUrl}", "give an https base URL, or --allow-insecure-metrics where nobody can listen in between");
        }
    }

    private LogOptions Logs => LogOptions.Of(LogFail, LogIgnore, Duration.Parse(LogWindow, "--log-window"));

    private WatchOptions? Watching => !Watch && GoodAfter is null ? null : new WatchOptions
    {
        KeepsOn = Watch,
        GoodAfter = GoodAfter is null ? null : Duration.Parse(GoodAfter, "--good-after"),
        Interval = Seconds(WatchInterval, atLeast: 1, "--watch-interval"),
        Console = Watch && !Json ? LiveConsole.OnTerminal() : null,
    };

    private string? EnvFileValue(string variable) => File.Exists(Deployment.EnvFilePath)
        ? new Runback.Runbook.Deployments.EnvFile(File.ReadAllText(Deployment.EnvFilePath, Runback.Runbook.Deployments.EnvFile.Bytes))[variable] is { Length: > 0 } value ? value : null
        : null;
}
