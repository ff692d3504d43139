using System.Collections.Concurrent;
using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests;

public sealed class GraphTests : IDisposable
{
    private readonly Trial trial = new();

    public void Dispose() => trial.Dispose();

    [Theory]
    [InlineData("Rollback", "Backup, Verify, Cutover, Rollback, Report")]
    [InlineData("Verify", "Backup, Verify")]
    [InlineData("Prepare Verify", "Prepare, Backup, Verify")]
    [InlineData("Verify Prepare", "Prepare, Backup, Verify")]
    [InlineData("Lint Verify", "Lint, Backup, Verify")]
    [InlineData("Verify Lint", "Backup, Verify, Lint")]
    [InlineData("Rollback --skip Verify", "Cutover, Rollback, Report")]
    [InlineData("Rollback --skip", "Rollback")]
    public void Targets_run_in_the_order_of_the_graph_then_of_the_command_line(string arguments, string expected)
    {
        var build = new Rollbacks();
        var result = trial.Run(build, x => x.Rollback, arguments.Split(' '));

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(expected, string.Join(", ", build.Ran));
    }

    [Fact]
    public void A_circle_is_named_as_a_path()
    {
        var result = trial.Run(new Circle(), x => x.First);

        Assert.Equal(2, result.Code);
        Assert.Contains("First -> Third -> Second -> First", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_depends_on_itself_is_refused() =>
        Assert.Contains("Alone -> Alone", trial.Run(new SelfCircle(), x => x.Alone).Error, StringComparison.Ordinal);

    [Fact]
    public void Two_parameters_of_one_name_are_refused()
    {
        var result = trial.Run(new TwoNames(), x => x.Start);
        Assert.Equal((2, true), (result.Code, result.Error.Contains("Two parameters are named", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_parameter_with_the_name_of_a_built_in_option_is_refused() =>
        Assert.Contains("every build has", trial.Run(new TakesPlan(), x => x.Start).Error, StringComparison.Ordinal);

    [Fact]
    public void A_target_with_no_action_of_its_own_is_collective()
    {
        var build = new Conditions { Wanted = true };
        var result = trial.Run(build, x => x.All);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(ExecutionStatus.Collective, build.ExecutionPlan.Single(x => x.Name == "All").Status);
    }

    [Fact]
    public void A_false_static_condition_skips_the_target_and_what_only_it_needs()
    {
        var build = new Conditions();
        var result = trial.Run(build, x => x.All);

        Assert.Equal(0, result.Code);
        Assert.Equal(["Shared", "Dynamic"], build.Ran);
        Assert.Contains("only when Wanted", result.Output, StringComparison.Ordinal);
        Assert.Contains("because Static is", result.Output, StringComparison.Ordinal);
        Assert.Equal(["OnlyForStatic", "Static", "Late"], build.SkippedNames);
    }

    private sealed class Rollbacks : NukeBuild
    {
        public List<string> Ran { get; } = [];

        public Target Cutover => _ => _.DependsOn(Verify).WhenSkipped(DependencyBehavior.Execute).Executes(() => Ran.Add("Cutover"));

        public Target Rollback => _ => _.DependsOn(Cutover).Triggers(Report).Executes(() => Ran.Add("Rollback"));

        public Target Verify => _ => _.DependsOn(Backup).Executes(() => Ran.Add("Verify"));

        public Target Report => _ => _.Executes(() => Ran.Add("Report"));

        public Target Backup => _ => _.Executes(() => Ran.Add("Backup"));

        public Target Prepare => _ => _.Before(Backup).Executes(() => Ran.Add("Prepare"));

        public Target Lint => _ => _.Executes(() => Ran.Add("Lint"));
    }

    private sealed class Circle : NukeBuild
    {
        public Target First => _ => _.After(Third).Executes(() => { });

        public Target Second => _ => _.DependsOn(First).Executes(() => { });

        public Target Third => _ => _.TriggeredBy(Second).Executes(() => { });
    }

    private sealed class SelfCircle : NukeBuild
    {
        public Target Alone => _ => _.DependsOn(Alone).Executes(() => { });
    }

    private sealed class TwoNames : NukeBuild
    {
        [Parameter] public string? DryRun { get; set; }

        [Parameter(Name = "Dryrun")] public string? Other { get; set; }

        public Target Start => _ => _.Executes(() => { });
    }

    private sealed class TakesPlan : NukeBuild
    {
        [Parameter(Name = "Plan")] public string? Mine { get; set; }

        public Target Start => _ => _.Executes(() => { });
    }

    private sealed class Conditions : NukeBuild
    {
        public ConcurrentQueue<string> Ran { get; } = [];

        public List<string> SkippedNames { get; } = [];

        public bool Wanted { get; init; }

        public Target All => _ => _.DependsOn(Static, Dynamic, Late);

        public Target OnlyForStatic => _ => _.Executes(() => Ran.Enqueue("OnlyForStatic"));

        public Target Shared => _ => _.Executes(() => Ran.Enqueue("Shared"));

        public Target Static => _ => _.DependsOn(OnlyForStatic, Shared).OnlyWhenStatic(() => Wanted).Executes(() => Ran.Enqueue("Static"));

        public Target Dynamic => _ => _.DependsOn(Shared).OnlyWhenDynamic(() => Ran.Contains("Shared")).Executes(() => Ran.Enqueue("Dynamic"));

        public Target Late => _ => _.After(Dynamic).OnlyWhenDynamic(() => Ran.IsEmpty).Executes(() => Ran.Enqueue("Late"));

        protected internal override void OnTargetSkipped(string target) => SkippedNames.Add(target);
    }
}
