using Runback.Runbook.Reports;

namespace Runback.Runbook.Tests.Reports;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0.00 s")]
    [InlineData(3.348, "3.35 s")]
    [InlineData(9.996, "10.0 s")]
    [InlineData(41.24, "41.2 s")]
    [InlineData(59.96, "1 min")]
    [InlineData(84.4, "1 min 24 s")]
    [InlineData(3599.6, "1 h")]
    [InlineData(3780, "1 h 3 min")]
    [InlineData(400_000, "4 d 15 h")]
    [InlineData(-5, "-5.00 s")]
    public void Durations_are_told_as_people_tell_them(double seconds, string told) => Assert.Equal(told, Words.Duration(seconds));

    [Fact]
    public void Times_are_utc() =>
        Assert.Equal("2026-01-31 22:59:58 UTC", Words.Moment(new DateTimeOffset(2026, 1, 31, 23, 59, 58, TimeSpan.FromHours(1))));
}
