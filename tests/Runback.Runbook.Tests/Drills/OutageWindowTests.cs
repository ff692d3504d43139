using Runback.Runbook.Drills;

namespace Runback.Runbook.Tests.Drills;

public class OutageWindowTests
{
    private static TrafficSample At(double begun, int? status, double duration = 0.01, string? key = null) =>
        new(TimeSpan.FromSeconds(begun), TimeSpan.FromSeconds(duration), status, key);

    [Fact]
    public void It_lasts_from_the_first_failure_to_the_first_answer_after_the_last_one()
    {
        var window = OutageWindow.Of([At(1, 200), At(2, 502), At(2.5, 200), At(3, null), At(4, 200, duration: 0.25), At(5, 200)]);

        Assert.Equal(new OutageWindow(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4.25), true), window);
        Assert.Equal(2.25, window!.Seconds);
    }

    [Fact]
    public void An_answer_to_a_request_sent_before_the_last_failure_does_not_end_it()
    {
        var window = OutageWindow.Of([At(2, 502), At(2.9, 200, duration: 0.5), At(3, 502), At(6, 200)]);

        Assert.Equal(6.01, window!.To.TotalSeconds, 3);
    }

    [Fact]
    public void One_that_goes_on_until_the_traffic_ends_is_not_recovered()
    {
        var window = OutageWindow.Of([At(1, 200), At(2, null), At(3, null, duration: 10)]);

        Assert.False(window!.Recovered);
        Assert.Equal(13, window.To.TotalSeconds, 3);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(201)]
    public void What_the_application_itself_answers_is_no_outage(int status) => Assert.Null(OutageWindow.Of([At(1, status), At(2, 200)]));

    [Theory]
    [InlineData(null)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public void No_answer_and_the_proxys_own_answers_are(int? status) => Assert.NotNull(OutageWindow.Of([At(1, status), At(2, 200)]));

    [Fact]
    public void Errors_are_counted_before_and_after_the_cutover_and_apart_from_the_outage()
    {
        var start = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        var measure = TrafficMeasure.Of(
            [At(1, 500), At(2, 500), At(3, 502), At(4, 200, duration: 0.5), At(6, 404), At(7, 200, duration: 0.03)], start, leftOut: 1, TimeSpan.FromSeconds(5));

        Assert.Equal((2, 1), (measure.ErrorsBefore, measure.ErrorsAfter));
        Assert.Equal((6, 1, 1), (measure.Requests, measure.Failed, measure.LeftOut));
        Assert.Equal(1.5, measure.OutageSeconds);
        Assert.Equal(start.AddSeconds(3), measure.OutageAt);
        Assert.True(measure.Recovered);
        Assert.Equal(500, measure.SlowestMilliseconds);
    }

    [Fact]
    public void Without_a_cutover_every_error_came_before_it() =>
        Assert.Equal((1, 0), TrafficMeasure.Of([At(1, 500)], DateTimeOffset.UnixEpoch) is var measure ? (measure.ErrorsBefore, measure.ErrorsAfter) : default);

    [Fact]
    public void Traffic_that_was_never_sent_proves_no_recovery() => Assert.False(TrafficMeasure.Of([], DateTimeOffset.UnixEpoch).Recovered);

    [Fact]
    public void An_acknowledged_write_that_the_database_lacks_is_lost_and_named()
    {
        var proof = WriteProof.Of([At(1, 201, key: "a"), At(2, 201, key: "b"), At(3, 502, key: "c"), At(4, null, key: "d"), At(5, 200)], ["a", "d", "stranger"], []);

        Assert.Equal((4, 2, 1), (proof.Sent, proof.Acknowledged, proof.Unconfirmed));
        Assert.Equal(["b"], proof.Lost);
    }

    [Fact]
    public void An_acknowledged_write_that_only_the_database_put_aside_holds_is_kept_and_not_lost()
    {
        var proof = WriteProof.Of([At(1, 201, key: "a"), At(2, 201, key: "b"), At(3, 201, key: "c"), At(4, 502, key: "d")], ["a"], ["a", "b", "d"]);

        Assert.Equal((1, 0), (proof.PutAside, proof.Unconfirmed));
        Assert.Equal(["c"], proof.Lost);
    }
}
