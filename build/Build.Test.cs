using Runback.Lab;
using Runback.Lab.Testing;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

// The project's own tests.
internal sealed partial class Build
{
    [Parameter("Runs only test classes whose name holds this")]
    private readonly string? Filter;

    [Parameter("Leaves out the tests that need Docker")]
    private readonly bool Quick;

    [Parameter("Runs the fault matrix alone: its fixed rows and this many random ones")]
    private readonly int? Faults;

    [Parameter("Draws the random rows of --faults: the same seed gives the same rows; a new one each time when not given")]
    private readonly int? Seed;

    private Target Test => _ => _
        .Description("Runs this project's tests: engine and runbook in seconds, then the real stack")
        .Executes(() => Wait(async cancellation =>
        {
            var narration = new Narration(People, _secrets);
            if (!Quick)
            {
                var shell = new Shell(narration, Journal.None);
                await new LabStack(LabOptions.For(RootDirectory) with { Provision = Provision }, shell).PrepareMachineAsync(cancellation);
                var provisioner = new Provisioner(shell);
                // The report is looked at in a real browser.
                await provisioner.EnsurePackageAsync("chromium", "/usr/bin/chromium", Provision, cancellation);
                // Faults of the matrix set the program's clock.
                await provisioner.EnsurePackageAsync("faketime", "/usr/bin/faketime", Provision, cancellation);
            }
            if (Faults is { } random)
            {
                await TryFaultsAsync(random, narration, cancellation);
                return;
            }
            var counts = await new TestSuite(RootDirectory, narration).RunAsync(Quick ? TestSuite.Projects.SkipLast(1) : TestSuite.Projects, Filter, cancellation);
            if (counts.All(count => count.Passed + count.Failed == 0))
                throw RunbookException.Usage($"expected tests whose class name holds `{Filter}`, found none", "leave --filter out to run all");
            if (IsServerBuild && await new TestSuite(RootDirectory, narration).SchemaAsync(cancellation) is { } schema)
                counts = [.. counts, schema];
            counts = [.. counts, CurrentCi(narration)];
            foreach (var failure in counts.SelectMany(count => count.Failures))
                narration.Say($"FAILED {failure}");
            foreach (var count in counts)
                narration.Say($"{count.Project}: {count.Passed} passed, {count.Failed} failed");
            var (passed, failed) = (counts.Sum(count => count.Passed), counts.Sum(count => count.Failed));
            narration.Say($"{passed} passed, {failed} failed");
            if (failed > 0)
                throw new RunbookException($"expected every test to pass, found {failed} that failed", "their messages are above");
        }));

    private async Task TryFaultsAsync(int random, Narration narration, CancellationToken cancellation)
    {
        if (random < 0 || Quick)
            throw RunbookException.Usage("expected --faults with a number of random rows, at least 0, and without --quick", "--faults 0 runs the fixed rows");
        var seed = Seed ?? Random.Shared.Next(1_000_000);
        narration.Say($"{random} random rows beyond the fixed ones; --seed {seed} repeats them");
        var rows = await new TestSuite(RootDirectory, narration).RunFaultsAsync(random, seed, cancellation);
        _document = FaultOutcome.ToJson(rows, seed);
        foreach (var row in rows)
            narration.Say($"{(row.Passed ? "ok    " : "FAILED")} {row.Seconds,6:0.0} s  {row.Name}");
        narration.Say($"{rows.Count(row => row.Passed)} passed, {rows.Count(row => !row.Passed)} failed in {rows.Sum(row => row.Seconds):0} s; seed {seed}");
        if (rows.Any(row => !row.Passed))
            throw new RunbookException($"expected every row to pass, found {rows.Count(row => !row.Passed)} that failed", $"their messages are above; --faults {random} --seed {seed} repeats them");
    }
}
