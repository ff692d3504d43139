using Runback.Lab;
using Runback.Lab.Benchmark;
using Runback.Runbook.Processes;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;

// The benchmark: the runbook typed by hand against Runback, on the same lab.
internal sealed partial class Build
{
    [Parameter("How many pairs a benchmark measures at each size")]
    private readonly int Pairs = 5;

    [Parameter("The sizes of the lab's database at which a benchmark measures, in megabytes")]
    private readonly int[] Sizes = [10, 100, 1000];

    private Target Benchmark => _ => _
        .Description("Measures the runbook by hand against Runback on the lab, in turn: time, outage, dump and verification rates, memory, start-up")
        .Executes(() => Wait(async cancellation =>
        {
            await PracticeAsync(cancellation);
            var shell = new Shell(new Narration(People, _secrets), Journal.None);
            // The runbook's own commands use it.
            await new Provisioner(shell).EnsurePackageAsync("jq", "/usr/bin/jq", Provision, cancellation);
            var report = await new RollbackBenchmark(LabOptions, Deployment, RootDirectory, BenchmarkOptions, shell).RunAsync(cancellation);
            _document = report.ToJson();
            BenchmarkTable.Write(report, People);
            People.WriteLine($"written to {BenchmarkOptions.Output}");
        }));

    private Target Idle => _ => _
        .Description("Does nothing: what a start costs")
        .Unlisted()
        .Executes(() => { });

    private BenchmarkOptions BenchmarkOptions => new()
    {
        Pairs = Pairs,
        Sizes = Sizes,
        Good = Tag ?? Runback.Lab.LabOptions.DefaultTag,
        Bad = DrillFrom,
        Strategy = Strategy == Strategy.Auto ? Strategy.AppOnly : Strategy,
        IdleTarget = nameof(Idle),
        Output = Path.GetFullPath(Output ?? Path.Combine(TemporaryDirectory, "benchmark.json"), RootDirectory),
    };
}
