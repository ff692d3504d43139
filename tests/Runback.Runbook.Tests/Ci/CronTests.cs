using Runback.Ci;

namespace Runback.Runbook.Tests.Ci;

public sealed class CronTests
{
    [Theory]
    [InlineData("17 4 * * 1", "Mon *-*-* 04:17:00 UTC")]
    [InlineData("0 */6 * * *", "*-*-* 00,06,12,18:00:00 UTC")]
    [InlineData("5,35 2-4 1 jan,JUL *", "*-01,07-01 02,03,04:05,35:00 UTC")]
    [InlineData("* * * * 0-7", "*-*-* *:*:00 UTC")]
    [InlineData("0 0 * * 7", "Sun *-*-* 00:00:00 UTC")]
    [InlineData("  0   0  *  * 1-5/2 ", "Mon,Wed,Fri *-*-* 00:00:00 UTC")]
    public void Cron_text_means_the_same_to_systemd(string cron, string calendar) => Assert.Equal([calendar], Cron.Parse(cron).OnCalendar());

    [Fact]
    public void Two_limited_days_mean_either_of_them() =>
        Assert.Equal(["*-*-01,15 03:00:00 UTC", "Sat *-*-* 03:00:00 UTC"], Cron.Parse("0 3 1,15 * 6").OnCalendar());

    [Theory]
    [InlineData("")]
    [InlineData("@daily")]
    [InlineData("0 4 * *")]
    [InlineData("0 4 * * 1 2026")]
    [InlineData("60 4 * * 1")]
    [InlineData("0 24 * * 1")]
    [InlineData("0 4 0 * 1")]
    [InlineData("0 4 * 13 1")]
    [InlineData("0 4 * * 8")]
    [InlineData("0 4 * * mond")]
    [InlineData("0 5-4 * * *")]
    [InlineData("*/0 * * * *")]
    [InlineData("5/10 * * * *")]
    [InlineData("1,,2 * * * *")]
    [InlineData("-1 * * * *")]
    [InlineData("1-2-3 * * * *")]
    [InlineData("0 4 * * 1;rm")]
    public void Text_that_is_no_time_is_refused_by_what_was_expected(string text) =>
        Assert.StartsWith("expected ", Assert.Throws<DeclarationException>(() => Cron.Parse(text)).Message, StringComparison.Ordinal);
}
