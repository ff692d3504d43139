using Runback.Runbook.Tests.Deployments;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Tests.Verification;

/// <summary>The readiness verdict, above all trap 3: old code over a kept newer schema answers 503 after a correct rollback.</summary>
public sealed class ReadinessTests
{
    private const string Kept = """
        {"ok": false, "checks": [
          {"name": "db", "ok": true, "detail": {"message": "reachable"}},
          {"name": "jobs", "ok": true, "detail": null},
          {"name": "migrations", "ok": false, "detail": {"message": "behind", "migrations_current": false, "current_version": "new1", "expected_head": "old1"}}]}
        """;

    [Fact]
    public void A_payload_with_every_check_ok_is_ready_whatever_was_kept()
    {
        var ready = Read(200, """{"ok":true,"checks":[{"name":"db","ok":true},{"name":"migrations","ok":true,"detail":{"current_version":"r1","expected_head":"r1"}}]}""");
        Assert.True(ready.IsReady);
        Assert.True(ready.IsReadyWith([], []));
        Assert.Equal("200; db: ok, migrations: ok", ready.Found);
    }

    [Fact]
    public void Unready_only_for_the_kept_migrations_is_what_a_correct_rollback_gives()
    {
        var readiness = Read(503, Kept);
        Assert.False(readiness.IsReady);
        Assert.True(readiness.IsReadyWith(["new1"], ["old1"]));
        Assert.True(readiness.IsReadyWith(["new1"], []));
        Assert.True(readiness.IsReadyWith(["other", "new1"], []));
        Assert.Equal("503; db: ok, jobs: ok, migrations: behind", readiness.Found);
    }

    [Fact]
    public void Another_revision_than_the_kept_one_is_a_fault()
    {
        Assert.False(Read(503, Kept).IsReadyWith(["old1"], []));
        Assert.False(Read(503, Kept).IsReadyWith([], []));
        Assert.False(Read(503, Kept).IsReadyWith(["NEW1"], []));
    }

    [Fact]
    public void A_release_that_expects_other_heads_than_the_targets_is_not_the_target() =>
        Assert.False(Read(503, Kept).IsReadyWith(["new1"], ["old2"]));

    [Fact]
    public void A_second_failing_check_is_a_fault()
    {
        var readiness = Read(503, Kept.Replace("\"jobs\", \"ok\": true", "\"jobs\", \"ok\": false", StringComparison.Ordinal));
        Assert.False(readiness.IsReadyWith(["new1"], ["old1"]));
        Assert.Equal(["jobs"], readiness.OtherFailures.Select(check => check.Name));
    }

    [Fact]
    public void A_migrations_check_without_a_version_is_a_fault() =>
        Assert.False(Read(503, """{"ok":false,"checks":[{"name":"migrations","ok":false,"detail":{"message":"no database"}}]}""").IsReadyWith(["new1"], ["old1"]));

    [Fact]
    public void Several_heads_are_read_and_compared_as_a_set()
    {
        var readiness = Read(503, Kept.Replace("\"expected_head\": \"old1\"", "\"expected_heads\": [\"b\", \"a\"]", StringComparison.Ordinal));
        Assert.True(readiness.IsReadyWith(["new1"], ["a", "b"]));
        Assert.False(readiness.IsReadyWith(["new1"], ["a"]));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(503)]
    public void A_payload_with_a_failing_check_is_not_ready_whatever_the_status(int status) =>
        Assert.False(Read(status, """{"ok":true,"checks":[{"name":"db","ok":false,"detail":{"message":"no route"}}]}""").IsReadyWith(["new1"], []));

    [Fact]
    public void An_error_status_is_not_ready_though_every_check_says_so() =>
        Assert.False(Read(500, """{"ok":true,"checks":[{"name":"db","ok":true}]}""").IsReady);

    [Theory]
    [InlineData("<html>welcome</html>", "text/html", "the body is text/html, not JSON")]
    [InlineData("", "text/plain", "the body is text/plain, not JSON")]
    [InlineData("{\"checks\": [", "application/json", "not JSON")]
    [InlineData("{}", "application/json", "no `checks`")]
    [InlineData("[]", "application/json", "no `checks`")]
    [InlineData("null", "application/json", "no `checks`")]
    [InlineData("7", "application/json", "no `checks`")]
    [InlineData("\"ok\"", "application/json", "no `checks`")]
    [InlineData("{\"status\": \"UP\"}", "application/json", "no `checks`")]
    [InlineData("{\"checks\": []}", "application/json", "no `checks`")]
    [InlineData("{\"checks\": {\"db\": true}}", "application/json", "no `checks`")]
    [InlineData("{\"checks\": [\"db\"]}", "application/json", "a check in the JSON isn't an object")]
    [InlineData("{\"checks\": [{\"ok\": true}]}", "application/json", "isn't a readiness payload")]
    [InlineData("{\"checks\": [{\"name\": null, \"ok\": true}]}", "application/json", "isn't a readiness payload")]
    [InlineData("{\"checks\": [{\"name\": 1, \"ok\": true}]}", "application/json", "isn't a readiness payload")]
    [InlineData("{\"checks\": [{\"name\": \"db\", \"ok\": \"yes\"}]}", "application/json", "isn't a readiness payload")]
    [InlineData("{\"checks\": [{\"name\": \"migrations\", \"ok\": false, \"detail\": {\"current_version\": 5}}]}", "application/json", "isn't a readiness payload")]
    [InlineData("{\"checks\": [{\"name\": \"migrations\", \"ok\": false, \"detail\": {\"expected_heads\": [null]}}]}", "application/json", "isn't a readiness payload")]
    [InlineData("{\"a\": 1, \"a\": 2}", "application/json", "isn't a readiness payload")]
    public void Anything_else_is_said_to_be_unreadable_and_never_ready(string body, string type, string problem)
    {
        var readiness = Read(200, body, type);
        Assert.Contains(problem, readiness.Found, StringComparison.Ordinal);
        Assert.False(readiness.IsReady);
        Assert.False(readiness.IsReadyWith(["new1"], []));
    }

    [Fact]
    public void A_check_that_does_not_say_ok_is_not_ok() =>
        Assert.False(Read(200, """{"checks":[{"name":"db"}]}""").IsReady);

    [Fact]
    public void A_redirect_and_no_answer_have_no_payload()
    {
        Assert.Contains("redirect", Read(302, Kept).Found, StringComparison.Ordinal);
        Assert.False(Read(302, Kept).IsReadyWith(["new1"], []));
        Assert.Contains("connection refused", Read(null, "").Found, StringComparison.Ordinal);
        Assert.False(Read(null, "").IsReadyWith(["new1"], []));
    }

    private static Readiness Read(int? status, string body, string type = "application/json") => Readiness.From(Observed.Answer(status, body, type));
}
