using Runback.Lab.Tests.Rollbacks;
using Runback.Runbook.Processes;

namespace Runback.Lab.Tests.Faults;

/// <summary>One row being tried: the lab on its scene, the program that meets the fault, and a client that writes all along.</summary>
internal sealed class Trial(FaultsLab lab, FaultRow row) : IAsyncDisposable
{
    // A row may hold many runs; each of them ends.
    private static readonly TimeSpan OneRun = TimeSpan.FromMinutes(5);
    private const int MessageLines = 30;
    private static readonly TimeSpan LockGoes = TimeSpan.FromSeconds(30);
    private readonly List<IAsyncDisposable> _helpers = [];

    public FaultRow Row { get; } = row;

    /// <summary>The row, or the one that follows on it, that is being tried.</summary>
    public FaultRow Leg { get; private set; } = row;

    public Scene Scene => Row.Scene;

    public FaultsLab Lab { get; } = lab;

    public Production Production { get; } = new(lab);

    /// <summary>What a fault adds to the environment of the run that meets it.</summary>
    public Dictionary<string, string?> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>What a fault adds to the command of the run that meets it.</summary>
    public List<string> Extra { get; } = [];

    /// <summary>What a fault puts in front of the command of the run that meets it.</summary>
    public List<string> Wrapper { get; } = [];

    /// <summary>The run that meets the fault.</summary>
    public Program Program { get; private set; } = null!;

    /// <summary>The journal of the run that is under way.</summary>
    public JournalTail Journal { get; private set; } = null!;

    public ClientWrites Writes { get; private set; } = null!;

    /// <summary>The env file before the fault, and every version of it that somebody else wrote since.</summary>
    public string EnvBefore { get; set; } = "";

    /// <summary>What is between the run and the engine, where the fault is there.</summary>
    public EngineRelay? Relay { get; set; }

    /// <summary>The small disk that the fault put under a folder.</summary>
    public SmallDisk? Disk { get; set; }

    /// <summary>The port that the fault holds.</summary>
    public System.Net.Sockets.TcpListener? Taken { get; set; }

    /// <summary>The clock of the run, where the fault sets it.</summary>
    public Clock? Clock { get; set; }

    /// <summary>The registry's manifest of the release, as it was before the fault.</summary>
    public byte[]? Manifest { get; set; }

    /// <summary>Whether a run of this row was killed when it had changed something, and none has ended since.</summary>
    public bool IsHalfDone { get; set; }

    /// <summary>What each run of this row said was kept, and where.</summary>
    public List<string> Kept { get; } = [];

    /// <summary>Databases of the fault's own making, or kept for a later row.</summary>
    public List<string> Databases { get; } = [];

    public string Runs => Path.Combine(Production.Folder, ".runback", "runs");

    // A run that ended done or refused has left nothing to finish: that the command says so is tried once elsewhere, and here on demand.
    public static bool IsThorough => System.Environment.GetEnvironmentVariable("RUNBACK_TIER") == TierAttribute.Value(Tier.Thorough);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Tries the row from beginning to end.</summary>
    public async Task RunAsync()
    {
        await new Stage(Lab, Production).SetAsync(Scene);
        await using var writes = Writes = new ClientWrites(Lab);
        foreach (var leg in Row.Legs)
        {
            if (!ReferenceEquals(leg, Row))
                await GoOnAsync();
            await TryAsync(leg);
        }
        if (Leg.Finish != Finish.Nothing && (IsThorough || Program.ExitCode is not (0 or 3)))
            await Invariants.CheckAsync(await Aftermath.AfterFinishAsync(this, await FinishAsync()));
    }

    // Where the run before went back, refused or was killed, the next begins from there, as a person would; where it ended otherwise, from the scene again.
    private async Task GoOnAsync()
    {
        if (Program.ExitCode is not (0 or 1 or 5))
            return;
        if (Program.ExitCode != 0)
            await Invariants.CheckAsync(await Aftermath.AfterFinishAsync(this, await FinishAsync()));
        Lab.IsSpoilt = false;
        await new Stage(Lab, Production).SetAsync(Scene);
    }

    private async Task TryAsync(FaultRow leg)
    {
        (Leg, _mended) = (leg, false);
        Environment.Clear();
        Extra.Clear();
        Wrapper.Clear();
        EnvBefore = await File.ReadAllTextAsync(Production.EnvFile, Cancellation);
        Assert.True(!ReferenceEquals(leg, Row) || await Writes.GoesOnAsync(TimeSpan.FromSeconds(20)), "expected the application to take bookings before the fault");
        try
        {
            Journal = new JournalTail(Runs);
            var ended = await MeetAsync();
            await MendAsync();
            await Invariants.CheckAsync(await Aftermath.AfterFaultAsync(this, ended));
            if (Leg.Also is { } also)
                await also(this, ended);
        }
        catch
        {
            // What broke first is what a person has to read.
            await MendAsync().ContinueWith(_ => { }, TaskScheduler.Default);
            throw;
        }
        finally
        {
            foreach (var helper in _helpers)
                await helper.DisposeAsync();
            _helpers.Clear();
        }
    }

    /// <summary>What a person needs who finds the row red: its name, what broke, the run's files, and what the application logged last.</summary>
    /// <param name="exception">What broke.</param>
    public async Task<Exception> ExplainAsync(Exception exception)
    {
        var message = exception is Xunit.Sdk.IAssertionException ? exception.Message : exception.ToString();
        var logged = await Lab.Shell.TryAsync(
            new Command("docker", "compose", "logs", "--no-color", "--tail", "20", "api", "jobs") { WorkingDirectory = Production.Folder }, CancellationToken.None);
        return new Xunit.Sdk.XunitException($"{Row.Name}{(Row.Then.Count > 0 ? $": {Leg.Name}" : "")}\n{string.Join('\n', message.Split('\n').Take(MessageLines))}\nthe run: {Keep()}\nthe application logged last:\n{logged.Output}{logged.Error}");
    }

    // The lab is gone when the failure is read.
    private string Keep()
    {
        if (Journal?.Folder is not { } folder || !Directory.Exists(folder))
            return "it had no folder";
        var kept = Directory.CreateDirectory(Path.Combine(Production.Root, ".nuke", "temp", "tests", "failed", Path.GetFileName(folder))).FullName;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(kept, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
        return kept;
    }

    /// <summary>The command of the scene, with what the row adds.</summary>
    public string[] Command() =>
        [.. Scene.Arguments.Select(argument => argument == Scene.Point ? Lab.Point! : argument), .. Leg.More, .. Leg.More.Contains("--settle-time") || Scene.Arguments.Contains("--settle-time") ? [] : (string[])["--settle-time", "0"]];

    /// <summary>Kills the run; what it had started goes on by itself, and its lock goes.</summary>
    public async Task KillAsync()
    {
        Program.Kill();
        await Program.EndAsync();
        await UnlockedAsync();
        // The next run comes later than a stroke of the clock: what is unfinished is old by then.
        foreach (var part in Directory.EnumerateFiles(Production.Backups, "*.part"))
            File.SetLastWriteTimeUtc(part, DateTime.UtcNow.AddMinutes(-5));
    }

    /// <summary>Disposes of something when the row is over.</summary>
    public T With<T>(T helper)
        where T : IAsyncDisposable
    {
        _helpers.Add(helper);
        return helper;
    }

    public async ValueTask DisposeAsync()
    {
        Program?.Dispose();
        Taken?.Dispose();
        foreach (var helper in _helpers)
            await helper.DisposeAsync();
    }

    private bool _mended;

    private async Task MendAsync()
    {
        if (_mended)
            return;
        _mended = true;
        // Each, whatever becomes of the others: the rows after this one want a lab without any of them.
        var mended = new List<Task>();
        foreach (var mend in Leg.Faults.Reverse().Select(each => each.Fault.Mend).OfType<Func<Trial, Task>>())
        {
            mended.Add(mend(this));
            await mended[^1].ContinueWith(_ => { }, TaskScheduler.Default);
        }
        await Task.WhenAll(mended);
    }

    private async Task<Ended> MeetAsync()
    {
        foreach (var (_, fault) in Leg.Faults)
            await (fault.Prepare?.Invoke(this) ?? Task.CompletedTask);
        var environment = Production.Environment([.. Environment.Select(pair => (pair.Key, pair.Value))]);
        await StrikeAsync(Moment.Start);
        Program?.Dispose();
        Program = Program.Start(environment, Production.Arguments([.. Command(), .. Extra]), [.. Wrapper]);
        foreach (var when in Leg.Faults.Select(fault => fault.When).Where(when => when != Moment.Start).Distinct())
        {
            await Journal.WaitAsync(when, Program);
            await StrikeAsync(when);
        }
        return await Program.EndAsync().WaitAsync(OneRun, Cancellation);
    }

    private Task StrikeAsync(Moment when) => Task.WhenAll(Leg.Faults.Where(fault => fault.When == when).Select(fault => fault.Fault.Strike?.Invoke(this) ?? Task.CompletedTask));

    private async Task<Ended> FinishAsync()
    {
        Journal = new JournalTail(Runs);
        return await Production.RunAsync(Leg.Finish == Finish.Return ? ["Return", "--settle-time", "0"] : Command()).WaitAsync(OneRun, Cancellation);
    }

    /// <summary>Waits until a dead run's lock is gone by itself.</summary>
    public async Task UnlockedAsync()
    {
        for (var until = DateTime.UtcNow + LockGoes; DateTime.UtcNow < until; await Task.Delay(50, Cancellation))
        {
            if ((await Production.LockAsync()).Length == 0)
                return;
        }
        Assert.Fail($"expected a killed run's lock to go within {LockGoes.TotalSeconds:0} s, found it still there");
    }

    /// <summary>Runs a command of the test's own.</summary>
    public static async Task<string> ShellAsync(params string[] line)
    {
        var result = await Shell.Quiet.TryAsync(new Command(line[0], line[1..]), Cancellation);
        Assert.True(result.Succeeded, $"{string.Join(' ', line)}: {result.Complaint}");
        return result.Output.Trim();
    }
}
