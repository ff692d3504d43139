using System.Reflection;
using Runback.Ci;
using Runback.Lab.Testing;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;

// What CI systems run: declared once, and written down for each of them.
internal sealed partial class Build
{
    [Parameter("When the drill runs by itself, as cron text in UTC")]
    private readonly string DrillSchedule = "17 4 * * 1";

    [Parameter("GenerateCi prints a cron line and a systemd timer for a host without CI, and writes no file")]
    private readonly bool OnHost;

    private Job[] CiJobs() =>
    [
        new("rollback", "Rolls production back by hand; whoever starts it here has confirmed it", "./build.sh", nameof(Rollback), "--profile", "production", "--yes")
        {
            IsManual = true,
            IsRun = true,
            Inputs =
            [
                Ask(nameof(Tag)) with { IsRequired = true }, Ask(nameof(Strategy)), Ask(nameof(Incident)), Ask(nameof(Reason)), Ask(nameof(ApprovedBy)),
                Ask(nameof(DryRun)), Ask(nameof(AcceptDowntime)), Ask(nameof(AcceptDataLoss)), Ask(nameof(AcceptOverride)),
            ],
            // The last is the password of the values that the profile keeps encrypted.
            Secrets = [nameof(DatabasePassword), nameof(RegistryUser), nameof(RegistryPassword), "ParamsProductionKey"],
            Protection = new("production", "production-emergency", nameof(Strategy), nameof(Strategy.Downgrade), nameof(Strategy.Restore)) { AllowList = nameof(AllowedStrategies) },
            Group = "production",
            RunsOn = ["self-hosted", "production"],
            Tags = ["production"],
            Minutes = 120,
            Days = 90,
        },
        new("drill", "Rehearses the rollback on a throw-away stack, and measures it", "./build.sh", nameof(Drill), "--provision")
        {
            IsManual = true,
            IsRun = true,
            Schedule = Cron.Parse(DrillSchedule),
            RunsOn = ["ubuntu-24.04"],
            Tags = ["docker"],
            Minutes = 45,
        },
        new("test", "Runs this project's tests, those on a real stack included", "./build.sh", nameof(Test), "--provision")
        {
            OnChange = true,
            RunsOn = ["ubuntu-24.04"],
            Tags = ["docker"],
            Minutes = 60,
            Artifacts = [".nuke/temp/tests/"],
            Days = 14,
        },
    ];

    private Target GenerateCi => _ => _
        .Description("Writes the workflows of GitHub Actions and the pipeline of GitLab CI; with --on-host prints what a host without CI needs")
        .Executes(() => Wait(_ =>
        {
            var narration = new Narration(People, _secrets);
            if (OnHost)
                narration.Say(Declared(() => HostSchedule.Of(CiJobs(), RootDirectory, Environment.UserName)));
            else if (Declared(() => DryRun ? GeneratedFiles.Stale(CiJobs(), RootDirectory) : GeneratedFiles.Write(CiJobs(), RootDirectory)) is { Count: > 0 } files)
                narration.Say($"{(DryRun ? "would write" : "wrote")} {string.Join(", ", files)}");
            else
                narration.Say("every file is as it should be");
            return Task.CompletedTask;
        }));

    // A parameter as an input: asked for in the words of --help, with the values that it takes.
    private static Input Ask(string parameter)
    {
        var field = typeof(Build).GetField(parameter, BindingFlags.Instance | BindingFlags.NonPublic)!;
        var options = field.FieldType.IsEnum ? Enum.GetNames(field.FieldType) : [];
        return new Input(parameter, field.GetCustomAttribute<ParameterAttribute>()!.Description!)
        {
            Options = options,
            Default = options.Length > 0 ? options[0] : "",
            IsFlag = field.FieldType == typeof(bool),
        };
    }

    private TestCount CurrentCi(Narration narration)
    {
        var stale = Declared(() => GeneratedFiles.Stale(CiJobs(), RootDirectory));
        if (stale.Count > 0)
            narration.Warn($"expected the CI files that build/Build.Ci.cs declares, found others: {string.Join(", ", stale)}", "./build.sh GenerateCi writes them; commit them");
        return new TestCount(nameof(GenerateCi), stale.Count == 0 ? 1 : 0, stale.Count);
    }

    private static T Declared<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (DeclarationException exception)
        {
            throw RunbookException.Usage(exception.Message, "mend --drill-schedule, or the declaration in build/Build.Ci.cs");
        }
    }
}
