using Runback.Lab.Benchmark;

namespace Runback.Lab.Tests.Benchmark;

[Tier(Tier.Quick)]
public class MeasurementTests
{
    private static Measurement ByHand(double seconds, double dump, double outage = 10) => new()
    {
        Seconds = seconds, ExitCode = 0, OutageSeconds = outage, FailedProbes = 400, Probes = 800, DatabaseBytes = 1_000_000_000, PeakBytes = 4_000_000,
        Steps = new Dictionary<string, double> { ["backup"] = dump, ["verify-backup"] = 1 },
    };

    private static Measurement ByTool(double seconds, double dump, double outage = 1, long peak = 90_000_000, int exitCode = 0) => new()
    {
        Seconds = seconds, ExitCode = exitCode, OutageSeconds = outage, FailedProbes = 40, Probes = 400, DatabaseBytes = 1_000_000_000, PeakBytes = peak,
        Steps = new Dictionary<string, double> { ["Backup"] = dump, ["VerifyBackup"] = 2 },
    };

    private static StartUp Quick { get; } = new(new Spread(0.15, 0.1, 0.3), new Spread(0.19, 0.1, 0.3));

    [Theory]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 2.0, 1.0, 3.0)]
    [InlineData(new[] { 4.0, 1.0, 2.0, 3.0 }, 2.5, 1.0, 4.0)]
    [InlineData(new[] { 7.0 }, 7.0, 7.0, 7.0)]
    public void The_median_is_the_middle_or_the_mean_of_the_two_in_the_middle(double[] values, double median, double lowest, double highest) =>
        Assert.Equal(new Spread(median, lowest, highest), Spread.Of(values));

    [Fact]
    public void Nothing_measured_has_no_spread() => Assert.Null(Spread.Of([]));

    [Fact]
    public void A_rate_is_the_databases_megabytes_by_the_steps_seconds() => Assert.Equal(250, ByHand(20, dump: 4).Rate("backup"));

    [Fact]
    public void A_step_that_was_not_measured_has_no_rate() => Assert.Null(ByHand(20, dump: 4).Rate("Backup"));

    [Fact]
    public void The_ratio_is_the_median_over_pairs_and_a_failed_pair_does_not_count()
    {
        var size = new SizeResult(1000,
        [
            new Pair(ByHand(20, 8), ByTool(10, 2)), new Pair(ByHand(20, 8), ByTool(12, 2)), new Pair(ByHand(40, 8), ByTool(12, 2)),
            new Pair(ByHand(20, 8), ByTool(1, 2, exitCode: 5)),
        ]);

        Assert.Equal(0.5, size.TimeRatio);
        Assert.Equal(4, size.DumpRatio);
        Assert.Equal(1, size.Failed);
        Assert.Equal(12, size.Runback.Seconds!.Median);
    }

    [Fact]
    public void Every_aim_is_met_or_missed_by_the_numbers()
    {
        IReadOnlyList<SizeResult> sizes = [new SizeResult(10, [new Pair(ByHand(20, 8), ByTool(15, 2, outage: 1.6))]), new SizeResult(1000, [new Pair(ByHand(20, 8), ByTool(10, 3, peak: 160_000_000))])];

        var aims = Aim.Judge(sizes, Quick);

        Assert.Equal([false, true, false, true, false, false, true, true], aims.Select(aim => aim.Met));
    }

    [Fact]
    public void What_was_not_measured_is_neither_met_nor_missed() =>
        Assert.All(Aim.Judge([new SizeResult(10, [new Pair(ByHand(20, 8), ByTool(15, 2, exitCode: 1))])], new StartUp(null, null)), aim => Assert.Null(aim.Met));

    [Fact]
    public void Steps_are_read_from_the_lines_that_the_script_prints() => Assert.Equal(
        new Dictionary<string, double> { ["backup"] = 1.25, ["up"] = 10.5 }, Contestant.Lines("step backup 1.250\nnoise of others\nstep up 10.500\n"));

    [Fact]
    public void Steps_are_read_from_the_document_that_the_tool_prints() => Assert.Equal(
        new Dictionary<string, double> { ["Backup"] = 1.5 }, Contestant.Document("""{"run": "x", "steps": [{"name": "Backup", "seconds": 1.5, "outcome": "Done"}]}"""));

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("""{"outcome": "Refused"}""")]
    public void An_output_without_steps_has_none(string output) => Assert.Empty(Contestant.Document(output));

    [Fact]
    public void The_peak_is_read_from_the_process_status_in_bytes()
    {
        Assert.Equal(92_340L * 1024, MeasuredProcess.Peak("Name:\t_build\nVmPeak:\t  999999 kB\nVmHWM:\t   92340 kB\nVmRSS:\t   90000 kB\n"));
        Assert.Null(MeasuredProcess.Peak("Name:\tzombie\nState:\tZ (zombie)\n"));
    }

    [Fact]
    public void The_tables_name_every_aim_with_what_was_measured()
    {
        var writer = new StringWriter();
        BenchmarkTable.Write(new BenchmarkReport(DateTimeOffset.UnixEpoch, 2, 0.5, Quick, [new SizeResult(1000, [new Pair(ByHand(20, 8), ByTool(10, 2))])]), writer);
        var text = writer.ToString();

        Assert.Contains("10.0 (10.0-10.0)", text, StringComparison.Ordinal);
        Assert.Contains("4.0 times", text, StringComparison.Ordinal);
        Assert.DoesNotContain("MISSED", text, StringComparison.Ordinal);
    }
}
