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

    [Theory]
    [InlineData("status=~\"5..\"", "status=\"200\" 90|status=\"503\" 4", "/healthz 200 85|/readyz 503 4", 0, 0, 5)]
    [InlineData("status=~\"5..\"", "status=\"200\" 90|status=\"404\" 4|status=\"503\" 4", "/x 404 4", 0, 4, 94)]
    [InlineData("code=\"5xx\"", "code=\"2xx\" 90|code=\"5xx\" 4", "/healthz 200 85|/readyz 503 3", 0, 1, 6)]
    [InlineData("status=\"503\"", "status=\"200\",path=\"/healthz\" 85|status=\"200\",path=\"/bookings\" 20|status=\"503\",path=\"/readyz\" 4", "/healthz 200 85|/readyz 503 4", 0, 0, 20)]
    [InlineData("status=~\"5..\"", "status=\"200\",path=\"/bookings\" 20|status=\"500\",path=\"/bookings\" 9", "/healthz 200 85|/readyz 503 4", 0, 9, 29)]
    [InlineData("status=~\"5..\"", "status=\"200\",path=\"/bookings/{id}\" 20|status=\"500\",path=\"/bookings/{id}\" 9", "/bookings/5 500 2", 0, 7, 27)]
    [InlineData("status=~\"5..\"", "status=\"200\" 30|status=\"503\" 2", "/readyz 503 1", 1, 0, 30)]
    [InlineData("status=~\"5..\"", "status=\"503\" 1", "/readyz 503 2", 3, 0, 0)]
    [InlineData("outcome=\"error\"", "method=\"GET\" 30", "/healthz 200 25", 0, 0, 5)]
    public void What_this_tool_asked_itself_is_not_counted(string selector, string series, string asked, int waiting, int errors, int all)
    {
        var page = MetricsPage.Parse(string.Concat(series.Split('|').Select(one => one.Split(' ')).Select(one => $"http_requests_total{{{one[0]}}} {one[1]}\n")));
        var own = new OwnRequests(asked.Split('|').Select(one => one.Split(' ')).ToDictionary(one => (one[0], int.Parse(one[1])), one => long.Parse(one[2])), waiting);
        var share = ErrorShare.Between(null, page, SeriesSelector.Parse($"http_requests_total{{{selector}}}"), own);
        Assert.Equal((errors, all), (share.Errors, share.All));
    }

    [Theory]
    [InlineData(10, 100, 0, 0, false, 0, false)]
    [InlineData(5, 100, 0, 0, true, 0, true)]
    [InlineData(0, 100, 0, 0, true, 0, false)]
    [InlineData(1, 1000, 0, 0, true, 0, false)]
    [InlineData(10, 100, 20, 100, true, 1, false)]
    [InlineData(10, 100, 9, 100, true, 1, false)]
    [InlineData(30, 100, 9, 100, false, 0, false)]
    [InlineData(10, 100, 1, 1, false, 0, false)]
    [InlineData(10, 100, 0, 20, false, 0, false)]
    [InlineData(3, 10, 0, 0, true, 1, true)]
    [InlineData(2, 28, 0, 0, true, 1, true)]
    [InlineData(1, 3, 0, 0, true, 1, true)]
    [InlineData(19, 19, 0, 0, true, 1, true)]
    [InlineData(20, 20, 0, 0, false, 0, false)]
    [InlineData(0, 0, 0, 0, true, 0, true)]
    public void Only_a_share_that_is_surely_above_the_limit_fails_and_what_is_not_sure_is_unknown(int errors, int all, int errorsBefore, int allBefore, bool passes, int warnings, bool isUnknown)
    {
        var record = new ErrorRateCheck().Judge(new ErrorShare(errors, all), allBefore == 0 ? null : new ErrorShare(errorsBefore, allBefore), 0.05, "");
        Assert.Equal((passes, warnings, isUnknown), (record.Passed, record.Warnings.Count, record.Found.StartsWith("unknown: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0, 0, "0.0% to 100.0%")]
    [InlineData(0, 10, "0.0% to 27.8%")]
    [InlineData(2, 28, "2.0% to 22.6%")]
    [InlineData(10, 100, "5.5% to 17.4%")]
    [InlineData(10, 10, "72.2% to 100.0%")]
    public void A_share_lies_where_Wilson_s_interval_says(int errors, int all, string interval) => Assert.Equal(interval, RateInterval.Of(new ErrorShare(errors, all)).ToString());

    [Fact]
    public void Pages_of_two_processes_are_not_compared()
    {
        Assert.NotNull(Between("a_total 5\nprocess_start_time_seconds 100\n", "a_total 7\nprocess_start_time_seconds 100\n"));
        Assert.Null(Between("a_total 5\nprocess_start_time_seconds 100\n", "a_total 7\nprocess_start_time_seconds 160\n"));
        Assert.Null(Between("a_total 5\n", "a_total 2\n"));
        Assert.Null(Between("a_total{x=\"1\"} 5\n", "a_total{x=\"2\"} 7\n"));
        Assert.NotNull(Between("b_total 5\n", "a_total 2\nb_total 6\n"));

        static ErrorShare? Between(string first, string second) => Scrape.Between(Look(first), Look(second), SeriesSelector.Parse("a_total{status=\"500\"}"));
        static Scrape Look(string page) => new(MetricsPage.Parse(page), OwnRequests.None, OwnRequests.None, "200", null);
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
