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
    [InlineData("{\"checks\": [", "application/json", "not JSON")]
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

    [Theory]
    [InlineData("ready", "text/plain")]
    [InlineData("", null)]
    [InlineData("OK\n", "text/plain; charset=utf-8")]
    [InlineData("{}", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("null", "application/json")]
    [InlineData("7", "application/json")]
    [InlineData("\"ok\"", "application/json")]
    [InlineData("{\"status\": \"UP\", \"components\": {\"db\": {\"status\": \"UP\"}}}", "application/vnd.spring-boot.actuator.v3+json")]
    [InlineData("{\"checks\": []}", "application/json")]
    [InlineData("{\"checks\": {\"db\": true}}", "application/json")]
    public void Of_an_answer_of_another_shape_the_status_alone_counts(string body, string? type)
    {
        var ready = Read(200, body, type);
        Assert.True(ready.IsReady);
        Assert.Equal("200, by its status alone", ready.Found);
        Assert.True(Read(204, body, type).IsReadyWith(["new1"], ["old1"]));
        // Why it isn't ready it doesn't say: then it may be anything.
        Assert.All((int[])[503, 500, 404, 401], status => Assert.False(Read(status, body, type).IsReadyWith(["new1"], ["old1"])));
    }

    [Theory]
    [InlineData("{\"status\": \"DOWN\"}", "`status: DOWN`")]
    [InlineData("{\"service\": \"shop\", \"Healthy\": false}", "`Healthy: false`")]
    [InlineData("{\"state\": \"out_of_service\"}", "`state: out_of_service`")]
    [InlineData("{\"ready\": \"no\"}", "`ready: no`")]
    [InlineData("\"fail\"", "`fail`")]
    [InlineData("false", "`false`")]
    [InlineData("not ready", "`not ready`")]
    public void A_text_that_denies_it_outweighs_the_status(string body, string said)
    {
        var readiness = Read(200, body, body[0] is 'n' ? "text/plain" : "application/json");
        Assert.False(readiness.IsReadyWith(["new1"], []));
        Assert.Contains(said, readiness.Found, StringComparison.Ordinal);
    }

    private const string Mapped = """{"state": {"up": true}, "schema": {"now": "new1", "wants": ["old1"]}}""";

    [Fact]
    public void A_mapped_payload_tells_that_the_kept_schema_is_why()
    {
        var mapping = ReadyMapping.Parse("$.state.up=true", "$.schema.now", "$.schema.wants");
        Assert.True(Read(200, Mapped, mapping).IsReady);
        var down = Mapped.Replace("true", "false", StringComparison.Ordinal);
        Assert.True(Read(503, down, mapping).IsReadyWith(["new1"], ["old1"]));
        Assert.False(Read(503, down, mapping).IsReadyWith(["other"], ["old1"]));
        Assert.False(Read(503, down, mapping).IsReadyWith(["new1"], ["old2"]));
        Assert.False(Read(503, down, mapping).IsReady);
        // Its migrations are current: something else is wrong.
        Assert.False(Read(503, down.Replace("old1", "new1", StringComparison.Ordinal), mapping).IsReadyWith(["new1"], ["new1"]));
        Assert.Equal("503; migrations: another revision than it expects", Read(503, down, mapping).Found);
    }

    [Fact]
    public void What_is_mapped_has_to_be_there()
    {
        var ok = ReadyMapping.Parse("$.state.up=true", null, null);
        Assert.False(Read(200, "{}", ok).IsReady);
        Assert.Contains("there is no $.state.up", Read(200, "{}", ok).Found, StringComparison.Ordinal);
        Assert.False(Read(200, "ready", ok).IsReady);
        Assert.False(Read(503, Mapped, ok).IsReady);
        var revisions = ReadyMapping.Parse(null, "$.schema.now", "$.schema.wants");
        Assert.True(Read(200, Mapped, revisions).IsReady);
        Assert.False(Read(503, "{\"schema\": {}}", revisions).IsReadyWith(["new1"], []));
    }

    [Theory]
    [InlineData("status", null, null)]
    [InlineData(null, "$.a", null)]
    [InlineData(null, null, "$.a")]
    [InlineData(null, "$.a=1", "$.b")]
    [InlineData("", "$.a", "b")]
    public void A_mapping_that_is_none_is_a_usage_error(string? ok, string? current, string? expected) =>
        Assert.Equal(Runback.Runbook.Runs.Outcome.Usage, Assert.Throws<Runback.Runbook.Runs.RunbookException>(() => ReadyMapping.Parse(ok, current, expected)).Outcome);

    [Fact]
    public async Task Where_there_is_no_ready_path_nobody_is_asked()
    {
        using var probe = new HttpProbe();
        var readiness = await Readiness.AskAsync(probe, Observed.Deployment() with { ReadyPath = null }, new Uri("http://127.0.0.1:1"), TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.True(readiness.IsReadyWith([], []));
        Assert.Contains("not asked", readiness.Found, StringComparison.Ordinal);
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

    private static Readiness Read(int? status, string body, string? type = "application/json") => Readiness.From(Observed.Answer(status, body, type));

    private static Readiness Read(int status, string body, ReadyMapping mapping) => Readiness.From(Observed.Answer(status, body, "application/json"), mapping);
}
