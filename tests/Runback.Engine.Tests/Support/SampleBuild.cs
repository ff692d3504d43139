namespace Runback.Engine.Tests.Support;

/// <summary>A build with a parameter of each type; its default target prints them.</summary>
internal sealed class SampleBuild : NukeBuild
{
    public List<string> Ran { get; } = [];

    [Parameter("What to roll back to.")] public string? Tag { get; set; }

    [Parameter("How to do it.")] public Way Strategy { get; set; } = Way.Auto;

    [Parameter("Seconds.")] public int Timeout { get; set; } = 30;

    [Parameter] public int? Limit { get; set; }

    [Parameter] public double Ratio { get; } = 0.5;

    [Parameter] public bool DryRun { get; set; }

    [Parameter] public bool? Really { get; set; }

    [Parameter] public string[] Services { get; set; } = ["api", "jobs"];

    [Parameter(Separator = ",")] public int[] Ports { get; set; } = [];

    [Parameter] public AbsolutePath? Folder { get; set; }

    [Parameter(ValueProviderMember = nameof(Colours))] public string? Colour { get; set; }

    [Parameter, Secret] public string? ApiToken { get; set; }

    [Parameter] public readonly string ReadOnlyField = "initial";

    [Parameter(Name = "Other")] public string? Renamed { get; set; }

    [Parameter] public bool Json { get; set; }

    public static IEnumerable<string> Colours => ["red", "green"];

    public Target Show => _ => _
        .Description("Prints what it was given.")
        .Executes(() => Ran.Add(nameof(Show)));

    public Target Deploy => _ => _
        .Requires(() => Tag)
        .Requires(() => Limit)
        .Requires(() => DryRun)
        .DependsOn(Show)
        .Executes(() => Ran.Add(nameof(Deploy)));

    public Target Collects => _ => _
        .DependsOn(Show);

    public Target Guarded => _ => _
        .DependsOn(Show)
        .Requires(() => Has(nameof(Show)))
        .Executes(() => Ran.Add(nameof(Guarded)));

    public Target LeaveOut => _ => _
        .Unlisted()
        .Executes(() => Ran.Add(nameof(LeaveOut)));

    private bool Has(string target) => SkippedTargets.All(x => x.Name != target) ? true : throw new NeededException($"{target} is needed");

    private sealed class NeededException(string message) : Exception(message)
    {
        public string Hint => "leave it in";
    }
}

internal enum Way
{
    Auto,
    AppOnly,
    ForwardFix,
}
