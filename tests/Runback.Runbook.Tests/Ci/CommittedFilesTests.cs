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
            Known(pipeline.Keys(job), "stage", "needs", "tags", "rules", "inherit", "environment", "resource_group", "interruptible", "timeout", "script", "artifacts");
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
