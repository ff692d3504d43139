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

    private Target Test => _ => _
        .Description("Runs this project's tests: engine and runbook in seconds, then the real stack")
        .Executes(() => Wait(async cancellation =>
        {
            var narration = new Narration(People, _secrets);
            if (!Quick)
            {
                var shell = new Shell(narration, Journal.None);
                await new LabStack(LabOptions.For(RootDirectory) with { Provision = Provision }, shell).PrepareMachineAsync(cancellation);
                // The report is looked at in a real browser.
                await new Provisioner(shell).EnsurePackageAsync("chromium", "/usr/bin/chromium", Provision, cancellation);
            }
            var counts = await new TestSuite(RootDirectory, narration).RunAsync(Quick ? TestSuite.Projects.SkipLast(1) : TestSuite.Projects, Filter, cancellation);
            if (counts.All(count => count.Passed + count.Failed == 0))
                throw RunbookException.Usage($"expected tests whose class name holds `{Filter}`, found none", "leave --filter out to run all");
            if (IsServerBuild && await new TestSuite(RootDirectory, narration).SchemaAsync(cancellation) is { } schema)
                counts = [.. counts, schema];
            counts = [.. counts, CurrentCi(narration)];
            foreach (var count in counts)
                narration.Say($"{count.Project}: {count.Passed} passed, {count.Failed} failed");
            var (passed, failed) = (counts.Sum(count => count.Passed), counts.Sum(count => count.Failed));
            narration.Say($"{passed} passed, {failed} failed");
            if (failed > 0)
                throw new RunbookException($"expected every test to pass, found {failed} that failed", "their messages are above");
        }));
}
