using System.Text.Json.Nodes;
using Runback.Lab.Tests.Rollbacks;

namespace Runback.Lab.Tests.Faults;

/// <summary>Whose changes are half-made, when a run was killed.</summary>
internal enum HalfDone
{
    /// <summary>Nobody's.</summary>
    None,

    /// <summary>Those of the run that has just ended.</summary>
    ThisRun,

    /// <summary>Those of a run before it: it was killed before it changed anything itself.</summary>
    EarlierRun,
}

/// <summary>What is there once a run has ended: what it says of itself, and what Docker, PostgreSQL, the files and a client say.</summary>
internal sealed record Aftermath
{
    public required Trial Trial { get; init; }

    public required Ended Ended { get; init; }

    /// <summary>The exit codes that are right.</summary>
    public required IReadOnlyList<int> ExitCodes { get; init; }

    /// <summary>Whether the run could tell and tidy up.</summary>
    public required bool IsOrderly { get; init; }

    /// <summary>The run's id; null when it didn't come as far as having a folder.</summary>
    public required string? Run { get; init; }

    /// <summary>Whose changes are half-made now.</summary>
    public required HalfDone HalfDone { get; init; }

    /// <summary>Whether this is the run that finished the job.</summary>
    public required bool IsFinish { get; init; }

    /// <summary>The document on standard output, or else <c>result.json</c>; null when there is none.</summary>
    public required JsonObject? Result { get; init; }

    /// <summary><c>result.json</c>; null when there is none.</summary>
    public required JsonObject? ResultFile { get; init; }

    /// <summary>The releases that the app services run: condition and tag by service.</summary>
    public required IReadOnlyList<string> Running { get; init; }

    /// <summary>The database's revisions, joined with commas.</summary>
    public required string Revision { get; init; }

    /// <summary>The databases of the server but its own.</summary>
    public required IReadOnlyList<string> Databases { get; init; }

    public required string EnvFile { get; init; }

    /// <summary>Runs that are unfinished, as Status says.</summary>
    public required IReadOnlyList<string> Unfinished { get; init; }

    public string? Outcome => Result?["outcome"]?.ToString();

    public string? From => Result?["from"]?["tag"]?.ToString();

    public string? To => Result?["to"]?["tag"]?.ToString();

    public IEnumerable<string> Kept => Result?["kept"]?.AsArray().Select(entry => entry!.ToString()) ?? [];

    public static async Task<Aftermath> AfterFaultAsync(Trial trial, Ended ended) => await OfAsync(trial, ended, trial.Leg.ExitCodes, orderly: ended.ExitCode != 137, finish: false);

    public static async Task<Aftermath> AfterFinishAsync(Trial trial, Ended ended) => await OfAsync(trial, ended, [0], orderly: true, finish: true);

    private static async Task<Aftermath> OfAsync(Trial trial, Ended ended, IReadOnlyList<int> exitCodes, bool orderly, bool finish)
    {
        var production = trial.Production;
        var file = trial.Journal.Folder is { } folder && File.Exists(Path.Combine(folder, "result.json")) ? JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "result.json")))!.AsObject() : null;
        // An orderly run that left nothing half-done is looked at once more on demand only: asking costs as much as a third of a row.
        var asks = Trial.IsThorough || !orderly || finish || trial.IsHalfDone;
        var status = asks ? (await production.RunAsync("Status")).Json["unfinishedRuns"]?.AsArray() : null;
        var changed = trial.Journal.Lines().Any(line => line["event"]!.ToString() == "changing");
        var aftermath = new Aftermath
        {
            Trial = trial,
            Ended = ended,
            ExitCodes = exitCodes,
            Run = trial.Journal.Folder is { } run ? Path.GetFileName(run) : null,
            HalfDone = orderly ? HalfDone.None : changed ? HalfDone.ThisRun : trial.IsHalfDone ? HalfDone.EarlierRun : HalfDone.None,
            IsOrderly = orderly,
            IsFinish = finish,
            Result = ended.Output.TrimStart().StartsWith('{') ? ended.Json : file,
            ResultFile = file,
            Running = [await production.RunningAsync("api"), await production.RunningAsync("jobs")],
            Revision = await production.RevisionAsync(),
            Databases = (await trial.Lab.QueryAsync("SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'")).Split(','),
            EnvFile = await File.ReadAllTextAsync(production.EnvFile, TestContext.Current.CancellationToken),
            Unfinished = [.. status?.Select(run => run!.ToString()) ?? []],
        };
        trial.Kept.AddRange(aftermath.Kept);
        trial.IsHalfDone = aftermath.HalfDone != HalfDone.None;
        return aftermath;
    }
}
