using Runback.Ci;
using YamlDotNet.RepresentationModel;

namespace Runback.Runbook.Tests.Ci;

public sealed class GitLabPipelineTests
{
    private static readonly YamlMappingNode Pipeline = YamlReading.Parse(GeneratedFiles.Of(SampleJobs.All)[".gitlab-ci.yml"]);

    [Fact]
    public void Every_input_is_a_variable_that_GitLab_does_not_expand()
    {
        Assert.Equal(["NUKE_TAG", "NUKE_STRATEGY", "NUKE_APPROVED_BY", "NUKE_DRY_RUN"], Pipeline.Keys("variables"));
        Assert.Equal("false", Pipeline.Text("variables", "NUKE_TAG", "expand"));
        Assert.Equal("", Pipeline.Text("variables", "NUKE_TAG", "value"));
        Assert.Equal(["Auto", "Downgrade", "Restore"], Pipeline.Texts("variables", "NUKE_STRATEGY", "options"));
        Assert.Equal(["false", "true"], Pipeline.Texts("variables", "NUKE_DRY_RUN", "options"));
        Assert.Equal("false", Pipeline.Text("variables", "NUKE_DRY_RUN", "value"));
    }

    [Fact]
    public void A_rollback_is_started_by_a_person_and_a_destructive_one_in_the_guarded_environment()
    {
        var (usual, guarded) = (Pipeline.At("rollback"), Pipeline.At("rollback:production-emergency"));
        Assert.Equal("$CI_PIPELINE_SOURCE == \"web\" && ($CI_COMMIT_REF_PROTECTED == \"true\" && $NUKE_STRATEGY =~ /^(Auto)$/i)", usual.Text("rules", 0, "if"));
        Assert.Equal("$CI_PIPELINE_SOURCE == \"web\" && ($CI_COMMIT_REF_PROTECTED == \"true\" && $NUKE_STRATEGY !~ /^(Auto)$/i)", guarded.Text("rules", 0, "if"));
        // What is set when the job is started comes after the rules, and before this.
        Assert.Equal(["export NUKE_ALLOWED_STRATEGIES=Auto"], usual.Texts("before_script"));
        Assert.False(guarded.Has("before_script"));
        Assert.Equal(("production", "production-emergency"), (usual.Text("environment", "name"), guarded.Text("environment", "name")));
        foreach (var job in (YamlNode[])[usual, guarded])
        {
            Assert.Equal(("manual", "false"), (job.Text("rules", 0, "when"), job.Text("rules", 0, "allow_failure")));
            Assert.Equal(("production", "false"), (job.Text("resource_group"), job.Text("interruptible")));
            Assert.Equal(["./build.sh Rollback --yes"], job.Texts("script"));
            Assert.False(job.Has("inherit"));
        }
    }

    [Fact]
    public void Jobs_that_nobody_asks_anything_do_not_see_what_was_typed_for_others()
    {
        Assert.Equal("false", Pipeline.Text("drill", "inherit", "variables"));
        Assert.Equal("false", Pipeline.Text("test", "inherit", "variables"));
    }

    [Fact]
    public void A_drill_runs_for_its_own_schedule_only() =>
        Assert.Equal("$CI_PIPELINE_SOURCE == \"schedule\" && $RUN_DRILL == \"true\"", Pipeline.Text("drill", "rules", 1, "if"));

    [Fact]
    public void What_a_run_wrote_is_kept_also_when_it_failed_and_each_job_has_a_time_limit()
    {
        Assert.EndsWith(" minutes", Pipeline.Text("test", "timeout"), StringComparison.Ordinal);
        foreach (var name in (string[])["rollback", "drill"])
        {
            Assert.Equal("developer", Pipeline.Text(name, "artifacts", "access"));
            Assert.Equal("always", Pipeline.Text(name, "artifacts", "when"));
            Assert.Equal("runback-run/", Pipeline.Texts(name, "artifacts", "paths")[0]);
            Assert.Equal("runback.env", Pipeline.Text(name, "artifacts", "reports", "dotenv"));
            Assert.EndsWith(" minutes", Pipeline.Text(name, "timeout"), StringComparison.Ordinal);
        }
    }
}
