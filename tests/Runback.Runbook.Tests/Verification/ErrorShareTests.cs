using Runback.Runbook.Runs;
using Runback.Runbook.Verification;
using Runback.Runbook.Verification.Metrics;

namespace Runback.Runbook.Tests.Verification;

public sealed class ErrorShareTests
{
    private static readonly SeriesSelector Errors = SeriesSelector.Parse("""http_requests_total{status=~"5.."}""");

    [Fact]
    public void The_share_is_of_what_came_between_two_scrapes()
    {
        var share = ErrorShare.Between(Page(ok: 1000, failed: 900), Page(ok: 1090, failed: 910), Errors);
        Assert.Equal((10, 100, 0.1), (share.Errors, share.All, share.Value));
        Assert.Equal("10.0% (10 of 100 requests)", share.ToString());
    }

    [Fact]
    public void A_counter_that_a_restart_reset_counts_from_zero()
    {
        var share = ErrorShare.Between(Page(ok: 1000, failed: 900), Page(ok: 40, failed: 10), Errors);
        Assert.Equal((10, 50), (share.Errors, share.All));
    }

    [Fact]
    public void A_series_that_is_new_counts_from_zero_and_no_number_counts_nothing()
    {
        var share = ErrorShare.Between(MetricsPage.Parse("http_requests_total{status=\"200\"} 10\n"), MetricsPage.Parse("http_requests_total{status=\"200\"} NaN\nhttp_requests_total{status=\"503\"} 4\nother{status=\"503\"} 7\n"), Errors);
        Assert.Equal((4, 4), (share.Errors, share.All));
        Assert.Equal("no requests", ErrorShare.Between(Page(1, 1), Page(1, 1), Errors).ToString());
        Assert.Equal(0, default(ErrorShare).Value);
    }

    [Fact]
    public void What_this_tool_asked_itself_is_not_counted()
    {
        var share = new ErrorShare(4, 100).Without(new ErrorShare(4, 90));
        Assert.Equal((0, 10), (share.Errors, share.All));
        Assert.Equal((0, 0), (new ErrorShare(1, 1).Without(new ErrorShare(2, 2)).Errors, 0));
    }

    [Theory]
    [InlineData(10, 100, 0, 0, false, 0)]
    [InlineData(5, 100, 0, 0, true, 0)]
    [InlineData(10, 100, 20, 100, true, 1)]
    [InlineData(10, 100, 9, 100, false, 0)]
    [InlineData(10, 100, 1, 1, false, 0)]
    [InlineData(3, 10, 0, 0, true, 1)]
    [InlineData(0, 0, 0, 0, true, 0)]
    public void A_share_above_the_limit_fails_unless_it_was_as_high_before_or_too_few_asked(int errors, int all, int errorsBefore, int allBefore, bool passes, int warnings)
    {
        var record = new ErrorRateCheck().Judge(new ErrorShare(errors, all), allBefore == 0 ? null : new ErrorShare(errorsBefore, allBefore), 0.05, "");
        Assert.Equal((passes, warnings), (record.Passed, record.Warnings.Count));
    }

    [Theory]
    [InlineData("up", "up", "", true)]
    [InlineData("up", "upper", "", false)]
    [InlineData("up{}", "up", "a=1", true)]
    [InlineData("""up{a="1"}""", "up", "a=1", true)]
    [InlineData("""up{a="1",}""", "up", "a=2", false)]
    [InlineData("""up{a!="1"}""", "up", "a=2", true)]
    [InlineData("""up{a!="1"}""", "up", "", true)]
    [InlineData("""up{a=""}""", "up", "", true)]
    [InlineData("""up{a=~"5.."}""", "up", "a=500", true)]
    [InlineData("""up{a=~"5.."}""", "up", "a=1500", false)]
    [InlineData("""up{a=~"4..|5.."}""", "up", "a=404", true)]
    [InlineData("""up{a!~"4..|5..", b="x\"y"}""", "up", "a=200;b=x\"y", true)]
    [InlineData("""up{a=~"\\d+"}""", "up", "a=12", true)]
    public void A_selector_means_what_it_means_in_Prometheus(string selector, string name, string labels, bool matches) =>
        Assert.Equal(matches, SeriesSelector.Parse(selector).Matches(new MetricSample(
            name, labels.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]), 1)));

    [Theory]
    [InlineData("")]
    [InlineData("up{a}")]
    [InlineData("up{a=1}")]
    [InlineData("""up{a="1" b="2"}""")]
    [InlineData("""up{a=="1"}""")]
    [InlineData("""{a="1"}""")]
    [InlineData("""up{a=~"["}""")]
    [InlineData("rate(up[5m])")]
    public void What_is_no_selector_is_refused(string selector) =>
        Assert.Equal(Outcome.Usage, Assert.Throws<RunbookException>(() => SeriesSelector.Parse(selector)).Outcome);

    private static MetricsPage Page(int ok, int failed) =>
        MetricsPage.Parse($"http_requests_total{{status=\"200\"}} {ok}\nhttp_requests_total{{status=\"500\"}} {failed}\n");
}
