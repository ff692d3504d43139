using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;
using Runback.Runbook.Tests.Deployments;

namespace Runback.Runbook.Tests.Rollbacks;

/// <summary>What is read back from the journals of runs, whole, torn or foreign.</summary>
public sealed class ReturnPointTests : IDisposable
{
    private const string Situation = """{"event":"situation","tag":"v2","pin":"v2@sha256:bb","digests":{"api":"sha256:bb","jobs":"sha256:bb"},"images":{"api":"sha256:i2","jobs":"sha256:i2"}}""";
    private const string Cutover = """{"event":"cutover","to":"v1@sha256:aa"}""";
    private const string End = """{"event":"end","outcome":"Done"}""";
    private readonly string _state = Directory.CreateTempSubdirectory("runback-state-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public void The_newest_run_that_cut_over_leads_back_to_what_it_found()
    {
        Journal("20251220T100000Z-aaaa", Situation.Replace("v2", "v3", StringComparison.Ordinal), Cutover, End);
        Journal("20251221T100000Z-bbbb", Situation, Cutover, End);
        Journal("20251222T100000Z-cccc", Situation.Replace("v2", "v9", StringComparison.Ordinal), End);

        var point = ReturnPoint.OfLastRun(_state, "none")!;

        Assert.Equal(("20251221T100000Z-bbbb", "v2", "v2@sha256:bb", "sha256:i2"), (point.Run, point.Tag, point.Pin, point.ImageId));
        Assert.Equal("sha256:bb", point.Digests["jobs"]);
        Assert.Equal("20251220T100000Z-aaaa", ReturnPoint.OfLastRun(_state, except: "20251221T100000Z-bbbb")!.Run);
    }

    [Fact]
    public void A_run_that_was_killed_in_its_cutover_leads_back_too()
    {
        Journal("20251221T100000Z-bbbb", Situation, Cutover, """{"event":"change","number":3,"comm""");
        Assert.Equal("v2", ReturnPoint.OfLastRun(_state, "none")!.Tag);
        Assert.Equal(["20251221T100000Z-bbbb"], UnfinishedRun.List(_state));
    }

    [Fact]
    public void A_torn_line_is_no_cutover()
    {
        Journal("20251221T100000Z-bbbb", Situation, """{"event":"cuto""");
        Assert.Null(ReturnPoint.OfLastRun(_state, "none"));
        Assert.Empty(UnfinishedRun.List(_state));
    }

    [Fact]
    public void Foreign_lines_and_folders_are_passed_over()
    {
        Journal("20251221T100000Z-bbbb", "", "garbage", "[]", "7", "{}", "null", Situation, """{"event":5}""", Cutover, "\0\0\0\0");
        Directory.CreateDirectory(Path.Combine(_state, "runs", "20251223T100000Z-dddd"));
        File.WriteAllText(Path.Combine(_state, "runs", "a file"), "");
        Assert.Equal("v2", ReturnPoint.OfLastRun(_state, "none")!.Tag);
    }

    [Fact]
    public void Without_runs_there_is_no_way_back()
    {
        Assert.Null(ReturnPoint.OfLastRun(_state, "none"));
        Assert.Empty(UnfinishedRun.List(_state));
    }

    [Fact]
    public void Without_a_pin_the_tag_that_ran_is_pinned_and_several_images_are_no_one_image()
    {
        Journal("20251221T100000Z-bbbb", """{"event":"situation","tag":"v2","pin":null,"digests":{},"images":{"api":"sha256:i2","jobs":"sha256:i1"}}""", Cutover);
        var point = ReturnPoint.OfLastRun(_state, "none")!;
        Assert.Equal("v2", point.Pin);
        Assert.Null(point.ImageId);
    }

    [Fact]
    public void A_run_that_ended_is_not_unfinished_and_at_most_five_are_named()
    {
        for (var hour = 10; hour < 18; hour++)
            Journal($"20251221T{hour}0000Z-bbbb", Situation, Cutover);
        Journal("20251221T190000Z-bbbb", Situation, Cutover, End);
        Assert.Equal(["17", "16", "15", "14", "13"], UnfinishedRun.List(_state).Select(run => run[9..11]));
    }

    [Fact]
    public void A_real_journal_is_read_back()
    {
        using (var run = Run.Begin(_state, "Rollback", Narration.Silent, new Secrets(), dryRun: false))
        {
            run.Journal.Write("situation", ("tag", "v2"), ("pin", "v2"), ("digests", new Dictionary<string, string> { ["api"] = "sha256:bb" }), ("images", new Dictionary<string, string?> { ["api"] = "sha256:i2" }));
            run.Journal.Write("cutover", ("to", "v1"));
            Assert.Equal([run.Id], UnfinishedRun.List(_state));
            run.End();
        }
        Assert.Equal(("v2", "sha256:i2"), (ReturnPoint.OfLastRun(_state, "none")!.Tag, ReturnPoint.OfLastRun(_state, "none")!.ImageId));
        Assert.Empty(UnfinishedRun.List(_state));
    }

    [Fact]
    public void A_point_is_where_we_are_only_when_pin_image_and_health_agree()
    {
        var point = new ReturnPoint("run", "v2", "v2", "sha256:image-v2", new Dictionary<string, string>());
        Assert.True(point.IsRunIn(Observed.Situation([Observed.Service("api", "v2"), Observed.Service("jobs", "v2")], "v2")));
        Assert.False(point.IsRunIn(Observed.Situation([Observed.Service("api", "v2"), Observed.Service("jobs", "v2")], "v1")));
        Assert.False(point.IsRunIn(Observed.Situation([Observed.Service("api", "v2"), Observed.Service("jobs", "v1")], "v2")));
        Assert.False(point.IsRunIn(Observed.Situation([Observed.Service("api", "v2", null, "exited"), Observed.Service("jobs", "v2")], "v2")));
    }

    private void Journal(string run, params string[] lines)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_state, "runs", run)).FullName;
        File.WriteAllText(Path.Combine(folder, "journal.jsonl"), string.Join('\n', lines));
    }
}
