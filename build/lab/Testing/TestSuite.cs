using System.Globalization;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab.Testing;

/// <summary>Builds, lists and runs this project's own tests, the quick ones first.</summary>
/// <param name="root">The checkout's root.</param>
/// <param name="narration">Where progress and results are told.</param>
public sealed class TestSuite(string root, Narration narration)
{
    private const string Schema = ".nuke/build.schema.json";
    private const string FaultRows = "Runback.Lab.Tests.Faults";
    private static readonly string[] Projects = ["Runback.Engine.Tests", "Runback.Runbook.Tests", "Runback.Lab.Tests"];

    // Each row of a theory is a test of its own, with a tier of its own.
    private static readonly string[] Common = ["-noColor", "-noLogo", "-preEnumerateTheories"];

    private string Results => Path.Combine(root, ".nuke", "temp", "tests");

    /// <summary>How long tests took.</summary>
    public TestDurations Durations => new(Path.Combine(Results, "durations.json"));

    /// <summary>How much is tried of what is tried in less and in more depth.</summary>
    public TestTier Tier { get; init; } = TestTier.Default;

    /// <summary>What properties and random rows are drawn from; null leaves it to the tests: properties the same each time, no random row.</summary>
    public (int Seed, int RandomRows)? Random { get; init; }

    /// <summary>Builds the projects and lists their tests.</summary>
    /// <param name="cancellation">Ends the build.</param>
    /// <exception cref="RunbookException">A project doesn't compile, or doesn't list its tests.</exception>
    public async Task<IReadOnlyList<TestCase>> ListAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Results);
        var tests = new List<TestCase>();
        foreach (var project in Projects)
        {
            await BuildAsync(project, cancellation);
            var listed = await Shell.Quiet.TryAsync(Program(project, [.. Common, "-list", "full/json"]), cancellation);
            if (!listed.Succeeded)
                throw new RunbookException($"expected {project} to list its tests, found:\n{listed.Output}{listed.Error}", "run it alone");
            tests.AddRange(TestCase.ReadAll(project, listed.Output));
        }
        return tests;
    }

    /// <summary>Runs tests that were listed, and gives what they counted by project.</summary>
    /// <param name="tests">Which.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="RunbookException">A test program ended without results.</exception>
    public async Task<IReadOnlyList<TestCount>> RunAsync(IReadOnlyList<TestCase> tests, CancellationToken cancellation)
    {
        // Those without an engine side by side; the lab's alone, as it has the machine to share among its own.
        var projects = tests.GroupBy(test => test.Project).ToList();
        var quick = await Task.WhenAll(projects.Where(project => project.Key != Projects[^1]).Select(project => RunAsync(project, cancellation)));
        IReadOnlyList<TestCount> counts = projects.Find(project => project.Key == Projects[^1]) is { } lab ? [.. quick, await RunAsync(lab, cancellation)] : quick;
        Durations.Note(counts.SelectMany(count => count.Seconds));
        return counts;
    }

    private async Task<TestCount> RunAsync(IGrouping<string, TestCase> project, CancellationToken cancellation)
    {
        var exitCode = await StartAsync(project.Key, project.SelectMany(test => new[] { "-id", test.Id }), cancellation);
        return TestCount.Read(project.Key, ResultsOf(project.Key), exitCode);
    }

    /// <summary>Runs the matrix of faults, and nothing else.</summary>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>Each row with its outcome, in the order in which they ran.</returns>
    /// <exception cref="RunbookException">The tests don't compile, or ended without results.</exception>
    public async Task<IReadOnlyList<FaultOutcome>> RunFaultsAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Results);
        var project = Projects[^1];
        await BuildAsync(project, cancellation);
        var exitCode = await StartAsync(project, ["-namespace", FaultRows, "-trait-", "tier=quick"], cancellation);
        return FaultOutcome.ReadAll(ResultsOf(project))
            ?? throw new RunbookException($"expected {project} to write its results, found none; it ended with {exitCode}", "its output is above");
    }

    /// <summary>Whether the committed schema is the one that the build's targets and parameters give; building rewrites the file.</summary>
    /// <returns>One test that passed or failed; null where this isn't a git checkout.</returns>
    public async Task<TestCount?> SchemaAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(Path.Combine(root, ".git")))
            return null;
        var changed = await Shell.Quiet.TryAsync(new Command("git", "-C", root, "status", "--porcelain", "--", Schema), cancellation);
        var isCurrent = changed.Succeeded && changed.Output.Trim().Length == 0;
        if (!isCurrent)
            narration.Warn($"{Schema} isn't what the targets and parameters give now", "commit the file as the build has rewritten it");
        return new TestCount(Schema, isCurrent ? 1 : 0, isCurrent ? 0 : 1);
    }

    private async Task BuildAsync(string project, CancellationToken cancellation)
    {
        narration.Say($"building {project} ...");
        var build = new Command(Dotnet(), "build", Path.Combine(root, "tests", project, project + ".csproj"), "--nologo", "--verbosity", "quiet", "-nodeReuse:false");
        var built = await Shell.Quiet.TryAsync(build, cancellation);
        if (!built.Succeeded)
            throw new RunbookException($"expected {project} to compile, found:\n{built.Output}", "mend what the compiler names");
    }

    private string ResultsOf(string project) => Path.Combine(Results, project + ".json");

    private Command Program(string project, params string[] arguments)
    {
        var program = Path.Combine(root, ".artifacts", "bin", project, "debug", project);
        var command = new Command(program, arguments) { WorkingDirectory = root }.WithEnvironment("RUNBACK_TIER", Tier.ToString().ToLowerInvariant());
        // What is tried is what is used: this very program.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "_build")
            command = command.WithEnvironment("RUNBACK_PROGRAM", Environment.ProcessPath!);
        return Random is not var (seed, rows) ? command
            : command.WithEnvironment("RUNBACK_SEED", seed.ToString(CultureInfo.InvariantCulture)).WithEnvironment("RUNBACK_FAULTS", rows.ToString(CultureInfo.InvariantCulture));
    }

    private async Task<int> StartAsync(string project, IEnumerable<string> selection, CancellationToken cancellation)
    {
        var results = ResultsOf(project);
        File.Delete(results);
        // The arguments are in a file: ids are too many for a command line.
        var arguments = Path.Combine(Results, project + ".arguments");
        // On the real stack each test takes seconds: whoever waits sees which have ended.
        string[] reporter = project == Projects[^1] ? ["-reporter", "verbose"] : [];
        await File.WriteAllLinesAsync(arguments, [.. Common, "-ctrf", results, .. reporter, .. selection], cancellation);
        await using var running = await Shell.StartAsync(Program(project, "@@", arguments), cancellation);
        running.Input.Close();
        await using var ending = cancellation.Register(running.Kill);
        var complaining = running.Error;
        while (await running.OutputText.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.Trim().Length > 0 && !line.EndsWith("[STARTING]", StringComparison.Ordinal))
                narration.Say("  " + line);
        }
        var exitCode = await running.WaitAsync(cancellation);
        if (await complaining is { Length: > 0 } complaint)
            narration.Say(complaint.TrimEnd());
        return exitCode;
    }

    private static string Dotnet() =>
        Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } folder && File.Exists(Path.Combine(folder, "dotnet"))
            ? Path.Combine(folder, "dotnet")
            : "dotnet";
}
