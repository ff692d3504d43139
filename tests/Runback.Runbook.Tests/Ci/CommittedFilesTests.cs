using Runback.Runbook.Processes;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;
using YamlDotNet.RepresentationModel;

namespace Runback.Runbook.Tests.Ci;

/// <summary>The files that this repository's own declaration gave.</summary>
public sealed class CommittedFilesTests
{
    public static TheoryData<string> Workflows => ["rollback", "drill", "test"];

    [Fact]
    public void A_rollback_asks_for_what_an_incident_needs()
    {
        var inputs = Workflow("rollback").At("on", "workflow_dispatch", "inputs");
        Assert.Equal(["tag", "strategy", "incident", "reason", "approved-by", "dry-run", "accept-downtime", "accept-data-loss", "accept-override"], inputs.Keys());
        Assert.Equal(Enum.GetNames<Strategy>(), inputs.Texts("strategy", "options"));
        Assert.Equal(Enum.GetNames<Strategy>(), YamlReading.Parse(Read(".gitlab-ci.yml")).Texts("variables", "NUKE_STRATEGY", "options"));
    }

    [Fact]
    public void What_a_run_leaves_in_the_checkout_is_what_GitLab_keeps()
    {
        var kept = YamlReading.Parse(Read(".gitlab-ci.yml")).At("rollback", "artifacts");
        Assert.Equal([GitLabFiles.Folder + "/"], kept.Texts("paths"));
        Assert.Equal(GitLabFiles.Dotenv, kept.Text("reports", "dotenv"));
    }

    // From the public schemas: github-workflow.json of schemastore.org, and ci.json of GitLab's own repository.
    [Theory]
    [MemberData(nameof(Workflows))]
    public void Only_keys_that_the_systems_know_are_used(string name)
    {
        var workflow = Workflow(name);
        Known(workflow.Keys(), "name", "run-name", "on", "permissions", "env", "defaults", "concurrency", "jobs");
        Known(workflow.Keys("jobs", name), "name", "needs", "if", "permissions", "runs-on", "environment", "concurrency", "outputs", "env", "defaults", "timeout-minutes", "steps");
        foreach (var step in (YamlSequenceNode)workflow.At("jobs", name, "steps"))
        {
            Known(step.Keys(), "id", "if", "name", "uses", "run", "working-directory", "shell", "with", "env", "continue-on-error", "timeout-minutes");
            Assert.NotEqual(step.Has("uses"), step.Has("run"));
        }
        var pipeline = YamlReading.Parse(Read(".gitlab-ci.yml"));
        foreach (var job in pipeline.Keys().Except(["stages", "variables"]))
        {
            Known(pipeline.Keys(job), "stage", "needs", "tags", "rules", "inherit", "environment", "resource_group", "interruptible", "timeout", "before_script", "script", "artifacts");
            Assert.Contains(pipeline.Text(job, "stage"), pipeline.Texts("stages"));
            if (pipeline.At(job).Has("artifacts"))
                Known(pipeline.Keys(job, "artifacts"), "when", "access", "expire_in", "paths", "reports");
        }
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void No_expression_is_pasted_into_a_shell(string name) =>
        Assert.All(Lines(name), line => Assert.DoesNotContain("${{", line, StringComparison.Ordinal));

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Workflows))]
    public async Task Every_line_for_a_shell_is_one(string name)
    {
        var pipeline = YamlReading.Parse(Read(".gitlab-ci.yml"));
        foreach (var line in (string[])[.. Lines(name), .. pipeline.Texts(name, "script")])
        {
            var result = await Shell.Quiet.TryAsync(new Command("bash", "-n").WithInput(line), TestContext.Current.CancellationToken);
            Assert.True(result.Succeeded, $"{line}: {result.Complaint}");
        }
    }

    // Runback takes a strategy in any case and with dashes; what isn't surely one of the open ones, however it is spelled, is for the guarded job.
    [Theory]
    [InlineData("Auto", true)]
    [InlineData("apponly", true)]
    [InlineData("ForwardFix", true)]
    [InlineData("Downgrade", false)]
    [InlineData("downgrade", false)]
    [InlineData("DOWNGRADE", false)]
    [InlineData("down-grade", false)]
    [InlineData("rEsToRe", false)]
    [InlineData("Auto Downgrade", false)]
    [InlineData("", false)]
    public void Exactly_one_of_GitLab_s_jobs_takes_a_strategy_and_no_emergency_one_is_in_the_plain_one(string strategy, bool isPlain)
    {
        var pipeline = YamlReading.Parse(Read(".gitlab-ci.yml"));
        var (plain, guarded) = (pipeline.Text("rollback", "rules", 0, "if"), pipeline.Text("rollback:production-emergency", "rules", 0, "if"));
        Assert.Equal(plain, guarded.Replace("!~", "=~", StringComparison.Ordinal));
        var pattern = System.Text.RegularExpressions.Regex.Match(plain, @"\$NUKE_STRATEGY =~ /(.*)/i\)").Groups[1].Value;
        Assert.Equal(isPlain, System.Text.RegularExpressions.Regex.IsMatch(strategy, pattern, System.Text.RegularExpressions.RegexOptions.IgnoreCase));
        Assert.Contains("$CI_COMMIT_REF_PROTECTED == \"true\"", plain, StringComparison.Ordinal);
        Assert.Equal(["export NUKE_ALLOWED_STRATEGIES=Auto,AppOnly,ForwardFix"], pipeline.Texts("rollback", "before_script"));
    }

    [Theory]
    [InlineData(Strategy.Auto, true)]
    [InlineData(Strategy.Downgrade, false)]
    [InlineData(Strategy.Restore, false)]
    public void What_a_job_does_not_let_through_is_refused_by_the_build_itself(Strategy strategy, bool passes)
    {
        Assert.Equal(strategy, StrategyGuard.Allowed(strategy, []));
        if (passes)
            Assert.Equal(strategy, StrategyGuard.Allowed(strategy, [Strategy.Auto, Strategy.AppOnly]));
        else
            Assert.Equal(Outcome.Refused, Assert.Throws<RunbookException>(() => StrategyGuard.Allowed(strategy, [Strategy.Auto, Strategy.AppOnly])).Outcome);
    }

    [Fact]
    public void Both_systems_make_the_same_calls()
    {
        var pipeline = YamlReading.Parse(Read(".gitlab-ci.yml"));
        Assert.All((string[])["rollback", "drill", "test"], name => Assert.Equal(Lines(name), pipeline.Texts(name, "script")));
    }

    private static void Known(string[] keys, params string[] known) => Assert.Empty(keys.Except(known));

    private static YamlMappingNode Workflow(string name) => YamlReading.Parse(Read($".github/workflows/{name}.yml"));

    private static string[] Lines(string name)
    {
        var lines = ((YamlSequenceNode)Workflow(name).At("jobs", name, "steps")).Where(step => step.Has("run")).Select(step => step.Text("run")).ToArray();
        Assert.NotEmpty(lines);
        return lines;
    }

    private static string Read(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "build.sh")))
            folder = folder.Parent;
        return File.ReadAllText(Path.Combine(folder.FullName, path));
    }
}
