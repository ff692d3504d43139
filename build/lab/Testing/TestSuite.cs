using System.Globalization;
using System.Text.Json.Nodes;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab.Testing;

/// <summary>How many tests of a project passed and failed.</summary>
/// <param name="Project">The project.</param>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed, skipped ones included: a test that didn't run proves nothing.</param>
public sealed record TestCount(string Project, int Passed, int Failed)
{
    /// <summary>Each test that failed, with the first lines of what it found.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];
}

/// <summary>Builds and runs this project's own tests, the quick ones first.</summary>
/// <param name="root">The checkout's root.</param>
/// <param name="narration">Where progress and results are told.</param>
public sealed class TestSuite(string root, Narration narration)
{
    /// <summary>The test projects; those before the last need no Docker.</summary>
    public static IReadOnlyList<string> Projects { get; } = ["Runback.Engine.Tests", "Runback.Runbook.Tests", "Runback.Lab.Tests"];

    private const string Schema = ".nuke/build.schema.json";
    private const int FirstLines = 6;
    private const string FaultRows = "Runback.Lab.Tests.Faults";

    private string Results => Path.Combine(root, ".nuke", "temp", "tests");

    /// <summary>Runs the projects and gives what they counted.</summary>
    /// <param name="projects">Which projects.</param>
    /// <param name="filter">A part of the names of the test classes to run, or null for all.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="RunbookException">A project doesn't compile, or a test program ended without results.</exception>
    public async Task<IReadOnlyList<TestCount>> RunAsync(IEnumerable<string> projects, string? filter, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Results);
        var counts = new List<TestCount>();
        foreach (var project in projects)
        {
            await BuildAsync(project, cancellation);
            var exitCode = await StartAsync(project, filter is null ? [] : ["-class", $"*{filter}*"], new Dictionary<string, string?>(), cancellation);
            counts.Add(Count(project, ResultsOf(project), exitCode));
        }
        return counts;
    }

    /// <summary>Runs the matrix of faults, and nothing else.</summary>
    /// <param name="random">How many random rows are tried beyond the fixed ones.</param>
    /// <param name="seed">What they are drawn from: the same seed gives the same rows.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>Each row with its outcome, in the order in which they ran.</returns>
    /// <exception cref="RunbookException">The tests don't compile, or ended without results.</exception>
    public async Task<IReadOnlyList<FaultOutcome>> RunFaultsAsync(int random, int seed, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Results);
        var project = Projects[^1];
        await BuildAsync(project, cancellation);
        var environment = new Dictionary<string, string?> { ["RUNBACK_FAULTS"] = random.ToString(CultureInfo.InvariantCulture), ["RUNBACK_FAULTS_SEED"] = seed.ToString(CultureInfo.InvariantCulture) };
        var exitCode = await StartAsync(project, ["-namespace", FaultRows, "-verbose"], environment, cancellation);
        return FaultOutcome.ReadAll(ResultsOf(project))
            ?? throw new RunbookException($"expected {project} to write its results, found none; it ended with {exitCode}", "its output is above");
    }

    private async Task BuildAsync(string project, CancellationToken cancellation)
    {
        narration.Say($"building {project} ...");
        var build = new Command(Dotnet(), "build", Path.Combine(root, "tests", project, project + ".csproj"), "--nologo", "--verbosity", "quiet", "-nodeReuse:false");
        var built = await Shell.Quiet.TryAsync(build, cancellation);
        if (!built.Succeeded)
            throw new RunbookException($"expected {project} to compile, found:\n{built.Output}", "mend what the compiler names");
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

    private string ResultsOf(string project) => Path.Combine(Results, project + ".json");

    private async Task<int> StartAsync(string project, IReadOnlyList<string> selection, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellation)
    {
        var results = ResultsOf(project);
        File.Delete(results);
        var program = Path.Combine(root, ".artifacts", "bin", project, "debug", project);
        var command = new Command(program, ["-noColor", "-noLogo", "-ctrf", results, .. selection]) { WorkingDirectory = root };
        // What is tried is what is used: this very program.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "_build")
            command = command.WithEnvironment("RUNBACK_PROGRAM", Environment.ProcessPath!);
        foreach (var (name, value) in environment)
            command = command.WithEnvironment(name, value ?? "");
        await using var running = Shell.Start(command);
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

    // The Common Test Report Format: results.summary holds tests, passed, failed, skipped (ctrf.io).
    private static TestCount Count(string project, string results, int exitCode)
    {
        var summary = File.Exists(results) ? JsonNode.Parse(File.ReadAllText(results))?["results"]?["summary"] : null;
        if (summary is null)
            throw new RunbookException($"expected {project} to write its results, found none; it ended with {exitCode}", "its output is above");
        var (tests, passed) = (summary["tests"]!.GetValue<int>(), summary["passed"]!.GetValue<int>());
        var failed = tests - passed;
        return new TestCount(project, passed, failed == 0 && exitCode != 0 ? 1 : failed) { Failures = Failures(results) };
    }

    private static IReadOnlyList<string> Failures(string results) =>
        [.. JsonNode.Parse(File.ReadAllText(results))!["results"]!["tests"]!.AsArray()
            .Where(test => test!["status"]?.ToString() != "passed")
            .Select(test => string.Join("\n    ", [test!["name"]!.ToString(), .. (test["message"]?.ToString() ?? "").Split('\n').Take(FirstLines).Select(line => line.TrimEnd())]))];

    private static string Dotnet() =>
        Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } folder && File.Exists(Path.Combine(folder, "dotnet"))
            ? Path.Combine(folder, "dotnet")
            : "dotnet";
}
