using Runback.Runbook.Deployments;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;
using Runback.Runbook.Tests.Deployments;

namespace Runback.Runbook.Tests.Rollbacks;

/// <summary>What is read back from the journals of runs, whole, torn or foreign.</summary>
public sealed class ReturnPointTests : IDisposable
{
    private const string Origin = """{"event":"origin","tag":"v2","pin":"v2@sha256:bb","image":"sha256:i2","digests":{"api":"sha256:bb","jobs":"sha256:bb"},"level":"Ready"}""";
    private const string Changing = """{"event":"changing","to":"v1@sha256:aa"}""";
    private const string End = """{"event":"end","outcome":"Done"}""";
    private readonly string _state = Directory.CreateTempSubdirectory("runback-state-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public void The_newest_run_that_cut_over_leads_back_to_what_it_found()
    {
        Journal("20251220T100000Z-aaaa", Origin.Replace("v2", "v3", StringComparison.Ordinal), Changing, End);
        Journal("20251221T100000Z-bbbb", Origin, Changing, End);
        Journal("20251222T100000Z-cccc", Origin.Replace("v2", "v9", StringComparison.Ordinal), End);

        var point = ReturnPoint.OfLastRun(_state, "none")!;

        Assert.Equal(("20251221T100000Z-bbbb", "v2", "v2@sha256:bb", "sha256:i2"), (point.Run, point.Tag, point.Pin, point.ImageId));
        Assert.Equal("sha256:bb", point.Digests["jobs"]);
        Assert.Equal("20251220T100000Z-aaaa", ReturnPoint.OfLastRun(_state, except: "20251221T100000Z-bbbb")!.Run);
    }

    [Fact]
    public void A_run_that_was_killed_while_it_changed_leads_back_too()
    {
        Journal("20251221T100000Z-bbbb", Origin, Changing, """{"event":"change","number":3,"comm""");
        Assert.Equal("v2", ReturnPoint.OfLastRun(_state, "none")!.Tag);
        Assert.Equal(["20251221T100000Z-bbbb"], UnfinishedRun.List(_state));
    }

    [Fact]
    public void A_drill_on_a_copy_leads_nowhere_and_leaves_nothing_unfinished()
    {
        Journal("20251221T100000Z-bbbb", Origin, Changing, End);
        Journal("20251222T100000Z-cccc", """{"event":"beside"}""", Origin.Replace("v2", "v9", StringComparison.Ordinal), Changing);

        Assert.Equal("v2", ReturnPoint.OfLastRun(_state, "none")!.Tag);
        Assert.Empty(UnfinishedRun.List(_state));
    }

    [Fact]
    public void A_torn_line_is_no_cutover()
    {
        Journal("20251221T100000Z-bbbb", Origin, """{"event":"chang""");
        Assert.Null(ReturnPoint.OfLastRun(_state, "none"));
        Assert.Empty(UnfinishedRun.List(_state));
    }

    [Fact]
    public void Foreign_lines_and_folders_are_passed_over()
    {
        Journal("20251221T100000Z-bbbb", "", "garbage", "[]", "7", "{}", "null", Origin, """{"event":5}""", Changing, "\0\0\0\0");
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
    public void A_killed_run_is_unfinished_until_a_later_one_has_settled_the_deployment()
    {
        Journal("20251221T100000Z-aaaa", Origin, Changing);
        Journal("20251221T110000Z-bbbb", Origin, Changing, End);
        Assert.Empty(UnfinishedRun.List(_state));
        Assert.Null(ReturnPoint.OfUnfinishedRun(_state));
        Journal("20251221T120000Z-cccc", Origin, Changing);
        Journal("20251221T130000Z-dddd", Origin.Replace("v2", "v5", StringComparison.Ordinal), Changing);
        Journal("20251221T140000Z-eeee", Origin, End);
        Assert.Equal(["20251221T130000Z-dddd", "20251221T120000Z-cccc"], UnfinishedRun.List(_state));
        Assert.Equal(("20251221T120000Z-cccc", "v2", ServiceLevel.Ready), (ReturnPoint.OfUnfinishedRun(_state)!.Run, ReturnPoint.OfUnfinishedRun(_state)!.Tag, ReturnPoint.OfUnfinishedRun(_state)!.Level));
    }

    [Theory]
    [InlineData("v2@sha256:bb", "v2@sha256:bb")]
    [InlineData("v2", "v2")]
    [InlineData(null, "v2@sha256:bb")]
    [InlineData("v1@sha256:aa", "v2@sha256:bb")]
    [InlineData("v2@sha256:cc", "v2@sha256:bb")]
    public void The_way_back_is_the_pin_when_it_is_what_runs_and_else_what_runs(string? pin, string back) =>
        Assert.Equal(back, ReturnPoint.Of(Observed.Situation([Observed.Service("api", "v2", "sha256:bb"), Observed.Service("jobs", "v2", "sha256:bb")], pin)).Pin);

    [Fact]
    public void Images_built_on_the_host_lead_back_by_their_tag_and_several_images_are_no_one_image()
    {
        Assert.Equal("v2", ReturnPoint.Of(Observed.Situation([Observed.Service("api", "v2"), Observed.Service("jobs", "v2")], "v1")).Pin);
        Assert.Null(ReturnPoint.Of(Observed.Situation([Observed.Service("api", "v2"), Observed.Service("jobs", "v1")], "v2")).ImageId);
        Assert.Null(ReturnPoint.Of(Observed.Situation([new ServiceState("api", null, null, null)])).Pin);
    }

    [Fact]
    public void A_journal_that_a_run_wrote_is_read_back_whole()
    {
        var point = ReturnPoint.Of(Observed.Situation([Observed.Service("api", "v2", "sha256:bb"), Observed.Service("jobs", "v2", "sha256:bb")], "v2"));
        using (var run = Run.Begin(_state, "Rollback", Narration.Silent, new Secrets(), dryRun: false))
        {
            run.Journal.Write(ReturnPoint.Event, point.Facts);
            run.Journal.Write("changing", ("to", "v1"));
            Assert.Equal([run.Id], UnfinishedRun.List(_state));
            run.End();
            var read = ReturnPoint.OfLastRun(_state, "none")!;
            Assert.Equal(point.Digests, read.Digests);
            Assert.Equal(point with { Run = run.Id, Digests = read.Digests }, read);
        }
        Assert.Empty(UnfinishedRun.List(_state));
    }

    [Fact]
    public void A_point_is_where_we_are_only_when_pin_image_and_health_agree()
    {
        var point = new ReturnPoint("run", "v2", "v2", "sha256:image-v2", new Dictionary<string, string>(), ServiceLevel.Ready);
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
