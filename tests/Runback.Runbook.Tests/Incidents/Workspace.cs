using Runback.Runbook.Incidents;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Incidents;

/// <summary>Runs of one deployment in a folder of their own, and what was said in them.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-incident-").FullName;
    private readonly List<Run> _runs = [];
    private readonly StringWriter _said = new();

    public string Said => _said.ToString();

    public AnnouncerOptions Options { get; } = new() { FirstPause = TimeSpan.FromMilliseconds(10), Limit = TimeSpan.FromSeconds(10) };

    public Run Begin(bool dryRun = false)
    {
        var secrets = new Secrets();
        var run = Run.Begin(Path.Combine(_folder, ".runback"), "Rollback", new Narration(_said, secrets), secrets, dryRun);
        _runs.Add(run);
        return run;
    }

    public static Announcement Start(Run run) => Told(run, Moment.Start);

    public static Announcement Told(Run run, Moment moment) => new()
    {
        Moment = moment,
        Deployment = "shop",
        Run = run.Id,
        From = "v2",
        To = "v1",
        Strategy = "AppOnly",
        Incident = "INC-42",
        Reason = "the cause isn't known",
        Operator = "ann",
        Host = "web1",
        Duration = moment == Moment.Start ? null : TimeSpan.FromSeconds(41),
        Summary = moment == Moment.Start ? null : "v1 serves",
        Report = "/srv/report.md",
    };

    /// <summary>Every byte that the runs left behind and said.</summary>
    public string Everything()
    {
        foreach (var run in _runs)
            run.Dispose();
        return Said + string.Concat(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select(File.ReadAllText));
    }

    public void Dispose()
    {
        foreach (var run in _runs)
            run.Dispose();
        _said.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
