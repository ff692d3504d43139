using System.Diagnostics;
using Runback.Lab;
using Runback.Lab.Testing;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

// The project's own tests.
internal sealed partial class Build
{
    private const int Slowest = 10;
    private const int ThoroughRandomRows = 20;

    [Parameter("Test runs or lists only what holds this in the name of its test, row or class")]
    private readonly string? Filter;

    [Parameter("Test leaves out what needs Docker")]
    private readonly bool Quick;

    [Parameter("Test runs everything: the whole fault matrix, random rows, every size and release")]
    private readonly bool Thorough;

    [Parameter("Test shows its tests with their tier and how long each took last, the slowest first, and runs none")]
    private readonly bool List;

    [Parameter("Runs the fault matrix alone: its fixed rows and this many random ones")]
    private readonly int? Faults;

    [Parameter("What random rows and properties are drawn from in --faults and --thorough: the same seed gives the same ones; a new one each time when not given")]
    private readonly int? Seed;

    private TestTier Tier => Quick ? TestTier.Quick : Thorough ? TestTier.Thorough : TestTier.Default;

    private Target Test => _ => _
        .Description("Runs this project's tests: those without an engine, then those that guard on the real stack; --quick leaves those out, --thorough adds all others")
        .Executes(() => Wait(async cancellation =>
        {
            var narration = new Narration(People, _secrets);
            if (Quick && (Thorough || Faults is not null))
                throw RunbookException.Usage($"expected one of --quick and {(Thorough ? "--thorough" : "--faults")}, found both", "--quick needs no engine; what the other adds needs one");
            if (List)
            {
                await ListTestsAsync(narration, cancellation);
                return;
            }
            if (!Quick)
                await PrepareForTestsAsync(narration, cancellation);
            if (Faults is { } random)
                await TryFaultsAsync(random, narration, cancellation);
            else
                await RunTestsAsync(narration, cancellation);
        }));

    private async Task PrepareForTestsAsync(Narration narration, CancellationToken cancellation)
    {
        var shell = new Shell(narration, Journal.None);
        await new LabStack(LabOptions.For(RootDirectory) with { Provision = Provision }, shell).PrepareMachineAsync(cancellation);
        var provisioner = new Provisioner(shell);
        // The report is looked at in a real browser.
        await provisioner.EnsurePackageAsync("chromium", "/usr/bin/chromium", Provision, cancellation);
        // Faults of the matrix set the program's clock.
        await provisioner.EnsurePackageAsync("faketime", "/usr/bin/faketime", Provision, cancellation);
        if (Thorough)
            await EngineBeside.PrepareAsync(provisioner, Provision, cancellation);
    }

    private async Task ListTestsAsync(Narration narration, CancellationToken cancellation)
    {
        var suite = new TestSuite(RootDirectory, narration);
        var tests = await SelectAsync(suite, Quick ? TestTier.Quick : TestTier.Thorough, cancellation);
        var durations = suite.Durations;
        foreach (var test in tests.OrderByDescending(test => durations.Of(test) ?? -1).ThenBy(test => test.Name, StringComparer.Ordinal))
            narration.Say($"{(durations.Of(test) is { } seconds ? $"{seconds,7:0.0} s" : "        -")}  {test.Tier.ToString().ToLowerInvariant(),-8}  {test.Name}");
        foreach (var tier in tests.GroupBy(test => test.Tier).OrderBy(tier => tier.Key))
            narration.Say($"{tier.Key.ToString().ToLowerInvariant()}: {tier.Count()} tests");
    }

    private async Task RunTestsAsync(Narration narration, CancellationToken cancellation)
    {
        var seed = Seed ?? (Thorough ? Random.Shared.Next(1_000_000) : null);
        var suite = new TestSuite(RootDirectory, narration) { Tier = Tier, Random = seed is { } given ? (given, Thorough ? ThoroughRandomRows : 0) : null };
        var tests = await SelectAsync(suite, Tier, cancellation);
        if (Thorough)
        {
            narration.Say(suite.Durations.Of(TestTier.Thorough) is { } last ? $"--thorough took {last / 60:0} min when it ran last here" : "--thorough hasn't run here yet; it takes about an hour and a half on two cores");
            narration.Say($"it adds {tests.Count(test => test.Tier == TestTier.Thorough)} tests to the {tests.Count(test => test.Tier != TestTier.Thorough)} of the default tier; --seed {seed} repeats what is random in it");
        }
        var watch = Stopwatch.StartNew();
        var counts = await suite.RunAsync(tests, cancellation);
        if (Filter is null)
        {
            suite.Durations.Note(Tier, watch.Elapsed.TotalSeconds);
            if (IsServerBuild && await suite.SchemaAsync(cancellation) is { } schema)
                counts = [.. counts, schema];
            counts = [.. counts, CurrentCi(narration)];
        }
        Conclude(counts, narration);
    }

    private async Task<IReadOnlyList<TestCase>> SelectAsync(TestSuite suite, TestTier tier, CancellationToken cancellation)
    {
        var tests = (await suite.ListAsync(cancellation)).Where(test => test.Fits(Filter)).ToList();
        var selected = tests.Where(test => test.Tier <= tier).ToList();
        if (selected.Count == 0)
        {
            throw tests.Count == 0
                ? RunbookException.Usage($"expected tests whose name or class holds `{Filter}`, found none", "leave --filter out to run all; --list shows them")
                : RunbookException.Usage($"expected tests of the {tier.ToString().ToLowerInvariant()} tier whose name or class holds `{Filter}`, found {tests.Count} of another tier", tests.Min(test => test.Tier) == TestTier.Default ? "leave --quick out" : "add --thorough");
        }
        return selected;
    }

    private static void Conclude(IReadOnlyList<TestCount> counts, Narration narration)
    {
        narration.Say("slowest:");
        foreach (var (name, seconds) in counts.SelectMany(count => count.Seconds).OrderByDescending(test => test.Value).Take(Slowest))
            narration.Say($"{seconds,7:0.0} s  {name}");
        foreach (var failure in counts.SelectMany(count => count.Failures))
            narration.Say($"FAILED {failure}");
        foreach (var count in counts)
            narration.Say($"{count.Project}: {count.Passed} passed, {count.Failed} failed");
        var (passed, failed) = (counts.Sum(count => count.Passed), counts.Sum(count => count.Failed));
        narration.Say($"{passed} passed, {failed} failed");
        if (failed > 0)
            throw new RunbookException($"expected every test to pass, found {failed} that failed", "their messages are above, each with the command that repeats it");
    }

    private async Task TryFaultsAsync(int random, Narration narration, CancellationToken cancellation)
    {
        if (random < 0)
            throw RunbookException.Usage("expected --faults with a number of random rows, at least 0", "--faults 0 runs the fixed rows");
        var seed = Seed ?? Random.Shared.Next(1_000_000);
        narration.Say($"{random} random rows beyond the fixed ones; --seed {seed} repeats them");
        var rows = await new TestSuite(RootDirectory, narration) { Tier = TestTier.Thorough, Random = (seed, random) }.RunFaultsAsync(cancellation);
        _document = FaultOutcome.ToJson(rows, seed);
        foreach (var row in rows)
            narration.Say($"{(row.Passed ? "ok    " : "FAILED")} {row.Seconds,6:0.0} s  {row.Name}");
        narration.Say($"{rows.Count(row => row.Passed)} passed, {rows.Count(row => !row.Passed)} failed in {rows.Sum(row => row.Seconds):0} s; seed {seed}");
        if (rows.Any(row => !row.Passed))
            throw new RunbookException($"expected every row to pass, found {rows.Count(row => !row.Passed)} that failed", $"their messages are above; --faults {random} --seed {seed} repeats them");
    }
}
