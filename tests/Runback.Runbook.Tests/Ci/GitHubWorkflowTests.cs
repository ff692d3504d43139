using Runback.Ci;
using YamlDotNet.RepresentationModel;

namespace Runback.Runbook.Tests.Ci;

public sealed class GitHubWorkflowTests
{
    private static YamlMappingNode Of(Job job) => YamlReading.Parse(GeneratedFiles.Of([job])[$".github/workflows/{job.Name}.yml"]);

    [Fact]
    public void Every_input_is_asked_for_with_its_own_kind()
    {
        var inputs = Of(SampleJobs.Rollback).At("on", "workflow_dispatch", "inputs");
        Assert.Equal(["tag", "strategy", "approved-by", "dry-run"], inputs.Keys());
        Assert.Equal(("string", "true"), (inputs.Text("tag", "type"), inputs.Text("tag", "required")));
        Assert.Equal("The release: a tag, or `previous` # for 'the' last", inputs.Text("tag", "description"));
        Assert.Equal("choice", inputs.Text("strategy", "type"));
        Assert.Equal(["Auto", "Downgrade", "Restore"], inputs.Texts("strategy", "options"));
        Assert.Equal("Auto", inputs.Text("strategy", "default"));
        Assert.Equal(("boolean", "false"), (inputs.Text("dry-run", "type"), inputs.Text("dry-run", "default")));
    }

    [Fact]
    public void Inputs_and_secrets_reach_the_command_through_the_environment_only()
    {
        var step = Of(SampleJobs.Rollback).At("jobs", "rollback", "steps", 1);
        Assert.Equal("./build.sh Rollback --yes", step.Text("run"));
        Assert.Equal("${{ inputs.tag }}", step.Text("env", "NUKE_TAG"));
        Assert.Equal("${{ inputs.approved-by }}", step.Text("env", "NUKE_APPROVED_BY"));
        Assert.Equal("${{ inputs.dry-run }}", step.Text("env", "NUKE_DRY_RUN"));
        Assert.Equal("${{ secrets.NUKE_DATABASE_PASSWORD }}", step.Text("env", "NUKE_DATABASE_PASSWORD"));
    }

    [Fact]
    public void A_destructive_strategy_runs_in_the_guarded_environment() => Assert.Equal(
        "${{ (inputs.strategy == 'Auto') && 'production' || 'production-emergency' }}",
        Of(SampleJobs.Rollback).Text("jobs", "rollback", "environment"));

    [Fact]
    public void The_build_lets_through_only_what_the_environment_stands_for_and_only_on_protected_branches()
    {
        var rollback = Of(SampleJobs.Rollback);
        Assert.Equal("${{ (inputs.strategy == 'Auto') && 'Auto' || '' }}", rollback.Text("jobs", "rollback", "steps", 1, "env", "NUKE_ALLOWED_STRATEGIES"));
        Assert.Equal("github.ref_protected", rollback.Text("jobs", "rollback", "if"));
        Assert.False(Of(SampleJobs.Drill).At("jobs", "drill").Has("if"));
    }

    [Fact]
    public void Rollbacks_wait_for_each_other_and_none_is_cancelled_while_tests_of_an_older_push_are()
    {
        var rollback = Of(SampleJobs.Rollback);
        Assert.Equal(("production", "false"), (rollback.Text("concurrency", "group"), rollback.Text("concurrency", "cancel-in-progress")));
        Assert.Equal("true", Of(SampleJobs.Test).Text("concurrency", "cancel-in-progress"));
    }

    [Fact]
    public void A_schedule_and_changes_start_their_jobs()
    {
        var drill = Of(SampleJobs.Drill);
        Assert.Equal(["workflow_dispatch", "schedule"], drill.Keys("on"));
        Assert.Equal("17 4 * * 1", drill.Text("on", "schedule", 0, "cron"));
        Assert.Equal(["push", "pull_request"], Of(SampleJobs.Test).Keys("on"));
    }

    [Fact]
    public void Every_job_has_a_time_limit_and_may_only_read_and_uses_actions_by_commit()
    {
        foreach (var job in SampleJobs.All)
        {
            var workflow = Of(job);
            Assert.Equal(["contents"], workflow.Keys("permissions"));
            Assert.Equal("read", workflow.Text("permissions", "contents"));
            Assert.Equal($"{job.Minutes}", workflow.Text("jobs", job.Name, "timeout-minutes"));
            var uses = ((YamlSequenceNode)workflow.At("jobs", job.Name, "steps")).Where(step => step.Has("uses")).Select(step => step.Text("uses")).ToList();
            Assert.NotEmpty(uses);
            Assert.All(uses, action => Assert.Matches("^actions/[a-z-]+@[0-9a-f]{40}$", action));
            Assert.Equal("false", workflow.Text("jobs", job.Name, "steps", 0, "with", "persist-credentials"));
        }
    }

    [Fact]
    public void What_a_run_wrote_is_kept_also_when_it_failed()
    {
        var steps = Of(SampleJobs.Drill).At("jobs", "drill", "steps");
        Assert.Equal("always() && steps.drill.outputs.folder != ''", steps.Text(2, "if"));
        Assert.Equal("${{ steps.drill.outputs.folder }}", steps.Text(2, "with", "path"));
        Assert.Equal("true", steps.Text(2, "with", "include-hidden-files"));
        Assert.Equal("always()", steps.Text(3, "if"));
        Assert.Equal("one/\ntwo", steps.Text(3, "with", "path").TrimEnd());
    }
}
