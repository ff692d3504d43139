using Runback.Runbook.Runs;
using Runback.Runbook.Tests.Deployments;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Tests.Verification;

public sealed class SmokeRequestTests
{
    [Fact]
    public void A_path_alone_is_a_GET_that_any_2xx_answers()
    {
        var request = SmokeRequest.Parse(" /bookings/1 ");
        Assert.Equal((HttpMethod.Get, "/bookings/1", null, "2xx"), (request.Method, request.Path, request.Status, request.Expected));
        Assert.Empty(request.Conditions);
    }

    [Fact]
    public void Method_status_and_conditions_are_read()
    {
        var request = SmokeRequest.Parse("get /bookings?limit=1&x=$y 200 $[0].id $[0].state=open");
        Assert.Equal((HttpMethod.Get, "/bookings?limit=1&x=$y", 200), (request.Method, request.Path, request.Status));
        Assert.Equal("200 and $[0].id and $[0].state=open", request.Expected);
        Assert.Equal(404, SmokeRequest.Parse("HEAD /exports 404").Status);
        Assert.Single(SmokeRequest.Parse("/a $.ok=true").Conditions);
    }

    [Theory]
    [InlineData("", "a path")]
    [InlineData("GET", "a path")]
    [InlineData("POST /bookings", "GET or HEAD")]
    [InlineData("DELETE /bookings/1 204", "GET or HEAD")]
    [InlineData("GET bookings", "a path")]
    [InlineData("http://elsewhere/x", "GET or HEAD")]
    [InlineData("//elsewhere/x", "a path")]
    [InlineData("/x 99", "a status")]
    [InlineData("/x 200 201", "a condition")]
    [InlineData("/x 200 $a", "a condition")]
    [InlineData("/x $[-1]", "a condition")]
    [InlineData("/x $[99999999999]", "a condition")]
    [InlineData("HEAD /x 200 $.a", "no condition")]
    public void A_line_of_another_form_is_bad_usage_that_says_what_was_expected(string line, string expected)
    {
        var error = Assert.Throws<RunbookException>(() => SmokeRequest.Parse(line));
        Assert.Equal(Outcome.Usage, error.Outcome);
        Assert.Contains($"expected {expected}", error.Message, StringComparison.Ordinal);
        Assert.Contains("GET /bookings?limit=1 200 $[0].id", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/x", 204, "", null)]
    [InlineData("/x", 500, "", "500")]
    [InlineData("/x", 302, "", "302, a redirect")]
    [InlineData("/x 404", 404, "", null)]
    [InlineData("/x 404", 200, "", "200")]
    [InlineData("/x $[0].id", 200, """[{"id": null}]""", null)]
    [InlineData("/x $[0].id", 200, "[]", "200; there is no $[0].id")]
    [InlineData("/x $.a.b=3", 200, """{"a": {"b": 3}}""", null)]
    [InlineData("/x $.a.b=3", 200, """{"a": {"b": 4}}""", "200; $.a.b is 4")]
    [InlineData("/x $.ok=true $.name=Ann", 200, """{"ok": true, "name": "Ann"}""", null)]
    [InlineData("/x $.a=null", 200, """{"a": null}""", null)]
    [InlineData("/x $.a", 200, "<html>", "200; the body is application/json, not JSON")]
    [InlineData("/x $", 200, "{}", null)]
    public void An_answer_is_judged_by_status_and_conditions(string line, int status, string body, string? problem) =>
        Assert.Equal(problem, SmokeRequest.Parse(line).Judge(Observed.Answer(status, body)));

    [Fact]
    public void No_answer_is_told_as_it_is() =>
        Assert.Equal("connection refused", SmokeRequest.Parse("/x").Judge(Observed.Answer(null, "")));
}
