// A build that the process tests compile in a repository of their own. It uses every member of the authoring surface, as NUKE 10 has them.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

class Build : NukeBuild
{
    readonly CancellationTokenSource cancellation = new();

    public static int Main() => Execute<Build>(x => x.Hello);

    [Parameter("Whom to greet.")] readonly string Name = "world";

    [Parameter("How.")] readonly Manner Manner = Manner.Plain;

    [Parameter("Where to write what happened.")] readonly AbsolutePath Log;

    [Parameter(Separator = ",", List = false)] readonly int[] Numbers = [];

    [Parameter("Shapes to draw.", ValueProviderMember = nameof(Shapes))] readonly string Shape;

    [Parameter("Deaf to signals.")] readonly bool Deaf;

    [Parameter("A document at the end.")] readonly bool Json;

    [Parameter("Where from."), Required] public AbsolutePath Source { get; } = RootDirectory / "build";

    [Parameter, Secret] readonly string ApiKey;

    [Parameter(Name = "Limit")] readonly int? Maximum;

    IEnumerable<string> Shapes => ["circle", "square"];

    Target Hello => _ => _
        .Description("Greets.")
        .Executes(() => Console.WriteLine($"hello {Name} {ApiKey}"));

    Target Nothing => _ => _
        .Executes(() => { });

    Target Where => _ => _
        .Executes(() => Console.WriteLine($"{RootDirectory}|{TemporaryDirectory.Parent.Name}|{Directory.Exists(TemporaryDirectory)}"));

    Target Reads => _ => _
        .Executes(() => Console.WriteLine($"read: {Console.In.ReadToEnd().Length}"));

    Target Slow => _ => _
        .Executes(async () =>
        {
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
            Note("started");
            await Task.Delay(TimeSpan.FromSeconds(60), cancellation.Token);
            Note("not interrupted");
        });

    Target AfterSlow => _ => _
        .DependsOn(Slow)
        .Triggers(Cleanup)
        .Executes(() => Note("after"));

    Target Cleanup => _ => _
        .AssuredAfterFailure()
        .Executes(() => Note("cleanup"));

    Target Talkative => _ => _
        .Executes(() =>
        {
            for (var i = 0; i < 20_000; i++)
                Console.WriteLine("a line that somebody may have stopped reading");
            Note("talked");
        });

    Target Chorus => _ => _
        .Executes(() =>
        {
            using var start = new Barrier(2);
            void Sing(TextWriter voice)
            {
                start.SignalAndWait();
                for (var i = 0; i < 50_000; i++)
                    voice.WriteLine("la la");
            }

            var second = new Thread(() => Sing(Console.Error));
            second.Start();
            Sing(Console.Out);
            second.Join();
        });

    Target Everything => _ => _
        .Unlisted()
        .DependsOn(Hello, Nothing)
        .DependentFor(Never)
        .Before(Never)
        .After(Where)
        .Triggers(Never)
        .OnlyWhenStatic(() => IsLocalBuild || IsServerBuild)
        .OnlyWhenDynamic(() => !IsFailing && IsSucceeding && !IsFinished)
        .WhenSkipped(DependencyBehavior.Execute)
        .Requires(() => Name)
        .Requires(() => Maximum)
        .Requires(() => Source != null)
        .ProceedAfterFailure()
        .Executes(() => Maximum.Value + 1)
        .Executes(Announce, Announce)
        .Executes(async () => await Task.Yield());

    Target Never => _ => _
        .TriggeredBy(Everything)
        .Inherit(Nothing)
        .OnlyWhenDynamic(() => Numbers.Length > 5 && Shape == "circle" && Manner == Manner.Loud);

    protected override void OnBuildCreated() => base.OnBuildCreated();

    protected override void OnBuildInitialized() => Note("initialized");

    protected override void OnTargetRunning(string target) => Note("running " + target);

    protected override void OnTargetSkipped(string target) => Note("skipped " + target);

    protected override void OnTargetSucceeded(string target) => Note("succeeded " + target);

    protected override void OnTargetFailed(string target) => Note("failed " + target);

    protected override void OnBuildFinished()
    {
        var all = ExecutionPlan.Concat(InvokedTargets).Concat(ScheduledTargets).Concat(RunningTargets).Concat(FinishedTargets).Distinct();
        Note("finished " + string.Join(" ", all.Select(x => x.Name + "=" + x.Status)));
        if (FailedTargets.Count + AbortedTargets.Count > 0 && SucceededTargets.Count + SkippedTargets.Count == 0)
            ExitCode = null;
        if (Json)
            Console.Out.WriteLine("""{"outcome":"Done"}""");
    }

    void Announce()
    {
        ReportSummary(x =>
        {
            x.Add("Host", $"{BuildAssemblyFile?.Name} {Verbosity} {NoLogo} {Plan} {Help} {LoadedLocalProfiles.Length} {BuildAssemblyDirectory?.Parent.Name}");
            return x;
        });
    }

    void Cancel(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!Deaf)
            cancellation.Cancel();
    }

    void Note(string text)
    {
        if (Log != null)
            File.AppendAllText(Log, text + "\n");
    }
}

enum Manner
{
    Plain,
    Loud,
}
