using Runback.Runbook.Verification.Metrics;

namespace Runback.Runbook.Tests.Verification;

/// <summary>Prometheus' text format, as the manual describes it and as exporters write it.</summary>
public sealed class MetricsPageTests
{
    [Fact]
    public void Series_are_read_with_labels_escapes_types_and_special_values()
    {
        var page = MetricsPage.Parse(
            "# HELP http_requests_total The \"total\" of { requests } by C:\\\\path\n# TYPE http_requests_total counter\n"
            + "http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000\n"
            + "  http_requests_total { method = \"get\" , code=\"4,\\\"0}0\" , } 3\n\n"
            + "msdos_file_access{path=\"C:\\\\DIR\\\\FILE.TXT\",error=\"Cannot find file:\\n\\\"FILE.TXT\\\"\"} 1.458255915e9\n"
            + "metric_without_timestamp_and_labels 12.47\nsomething_weird{problem=\"division by zero\"} +Inf -3982045\n"
            + "rpc_seconds_bucket{le=\"+Inf\"} 2.693e+03 # {trace_id=\"KOO5S4vxi0o\"} 0.67\nrpc{quantile=\"0.01\"} NaN\r\nlow -inf\nempty_label{a=\"\"} 0\n"
            + "{\"my.dotted.metric\", \"a.b\"=\"c\"} 4\n# UNIT x seconds\n#EOF\n# EOF\n");

        Assert.Equal("counter", page.Types["http_requests_total"]);
        Assert.Equal(10, page.Samples.Count);
        Assert.Equal((1027, "post", "200"), (page.Samples[0].Value, page.Samples[0].Labels["method"], page.Samples[0].Labels["code"]));
        Assert.Equal("4,\"0}0", page.Samples[1].Labels["code"]);
        Assert.Equal(("C:\\DIR\\FILE.TXT", "Cannot find file:\n\"FILE.TXT\""), (page.Samples[2].Labels["path"], page.Samples[2].Labels["error"]));
        Assert.Equal(12.47, page.Samples[3].Value);
        Assert.Equal(double.PositiveInfinity, page.Samples[4].Value);
        Assert.Equal((2693, "+Inf"), (page.Samples[5].Value, page.Samples[5].Labels["le"]));
        Assert.True(double.IsNaN(page.Samples[6].Value));
        Assert.Equal(double.NegativeInfinity, page.Samples[7].Value);
        Assert.Empty(page.Samples[8].Labels);
        Assert.Equal(("my.dotted.metric", "c"), (page.Samples[9].Name, page.Samples[9].Labels["a.b"]));
    }

    [Theory]
    [InlineData("<html>", "line 1")]
    [InlineData("a 1\nb{x=\"1\" 2\n", "line 2: the labels have no end")]
    [InlineData("b{x=\"1", "no end")]
    [InlineData("b{x=1} 2", "isn't quoted")]
    [InlineData("b{x=\"1\",x=\"2\"} 2", "twice")]
    [InlineData("b{=\"1\"} 2", "label's name")]
    [InlineData("b", "a value")]
    [InlineData("b 1 2 3", "timestamp")]
    [InlineData("b one", "`one`")]
    [InlineData("b 1 soon", "`soon`")]
    [InlineData("{x=\"1\"} 2", "no name")]
    [InlineData("{\"status\":\"ok\"}", "line 1")]
    [InlineData("# TYPE x", "TYPE")]
    [InlineData("", "no series")]
    [InlineData("# only a comment", "no series")]
    public void What_is_no_metrics_page_is_refused_with_its_line(string text, string said) =>
        Assert.Contains(said, Assert.Throws<FormatException>(() => MetricsPage.Parse(text)).Message, StringComparison.Ordinal);
}
