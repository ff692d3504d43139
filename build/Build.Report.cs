using Runback.Runbook.Reports;

// What happened, for people.
internal sealed partial class Build
{
    [Parameter("The run whose report is meant: its id, or the beginning of it; the latest when not given")]
    private readonly string? Run;

    [Parameter("Opens the report in a browser")]
    private readonly bool Open;

    private Target Report => _ => _
        .Description("Shows where the report of a run is (--run ID, the latest by default), draws it again where it is missing, and opens it with --open")
        .Executes(() => Wait(async cancellation =>
        {
            var page = ReportReader.Find(Deployment.StatePath, Run);
            _document = System.Text.Json.JsonSerializer.Serialize(new { report = page });
            if (!Open || !await ReportReader.OpenAsync(page, cancellation))
                People.WriteLine(page);
        }));
}
