using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Runs;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("hunter2", "password is hunter2, hunter2!", "password is ***, ***!")]
    [InlineData("p@ss/w rd", "postgres://u:p%40ss%2Fw%20rd@db", "postgres://u:***@db")]
    [InlineData("a\"b\\c", "{\"password\":\"a\\u0022b\\\\c\"}", "{\"password\":\"***\"}")]
    [InlineData("first line\nsecond line", "found: second line", "found: ***")]
    [InlineData("hunter2hunter2", "Authorization: Basic dXNlcjpodW50ZXIyaHVudGVyMg==", "Authorization: Basic dXNlcjp***g==")]
    [InlineData("hunter2hunter2", "aHVudGVyMmh1bnRlcjI=", "***")]
    [InlineData("abc", "abc", "abc")]
    [InlineData("it's $5 \"now\"", "it'\\''s $5 \"now\"", "***")]
    [InlineData("it's $5 \"now\"", "it'\"'\"'s $5 \"now\"", "***")]
    [InlineData("it's $5 \"now\"", "\"it's \\$5 \\\"now\\\"\"", "\"***\"")]
    [InlineData("it's $5 \"now\"", "it\\'s\\ \\$5\\ \\\"now\\\"", "***")]
    [InlineData("it's $5 \"now\"", "it''s $5 \"now\"", "***")]
    [InlineData("it's $5 \"now\"", "it's $$5 \"now\"", "***")]
    [InlineData("it's $5 \"now\"", "it&#x27;s $5 &quot;now&quot;", "***")]
    [InlineData("it's $5 \"now\"", "it%27s+%245+%22now%22", "***")]
    [InlineData("it's $5 \"now\"", "it's%20$5%20%22now%22", "***")]
    [InlineData("a<b>&c/d", "\"a\\u003cb\\u003e\\u0026c/d\"", "\"***\"")]
    [InlineData("a<b>&c/d", "\"a<b>&c\\/d\"", "\"***\"")]
    [InlineData("a<b>&c/d", "a%3cb%3e%26c/d", "***")]
    [InlineData("a<b>&c/d", "a%253Cb%253E%2526c%252Fd", "***")]
    [InlineData("a<b>&c/d", "a&lt;b&gt;&amp;c/d", "***")]
    [InlineData("p\u00e4ss\u2019word", "\"p\\u00e4ss\\u2019word\"", "\"***\"")]
    [InlineData("p\u00e4ss\u2019word", "b'p\\xc3\\xa4ss\\xe2\\x80\\x99word'", "b'***'")]
    [InlineData("p\u00e4ss\u2019word", "$'p\\303\\244ss\\342\\200\\231word'", "$'***'")]
    [InlineData("p\u00e4ss\u2019word", "p%C3%A4ss%e2%80%99word", "***")]
    [InlineData("a\"b\\cd", "{\"log\":\"{\\\"k\\\":\\\"a\\\\\\\"b\\\\\\\\cd\\\"}\"}", "{\"log\":\"{\\\"k\\\":\\\"***\\\"}\"}")]
    [InlineData("line one\nline two", "\"line one\\nline two\"", "\"***\"")]
    [InlineData("p\U0001f600ssword", "\"p\\ud83d\\ude00ssword\"", "\"***\"")]
    [InlineData("hunter2hunter2", "68756e7465723268756e74657232", "***")]
    [InlineData("hunter2hunter2", "68756E7465723268756E74657232", "***")]
    [InlineData("abcdef", "abcdefghij abcde", "***ghij abcde")]
    public void A_secret_is_masked_in_every_form_in_which_it_turns_up(string secret, string text, string masked)
    {
        var secrets = new Secrets();
        secrets.Add(secret);
        Assert.Equal(masked, secrets.Mask(text));
    }

    [Fact]
    public void A_quote_in_a_secret_is_masked_in_the_json_that_runback_itself_writes()
    {
        var secrets = new Secrets();
        secrets.Add("a\"b<c>\u00e4");
        var result = new RunResult { Run = "r", Target = "Rollback", Summary = "found: a\"b<c>\u00e4" };
        Assert.DoesNotContain("b<c>", secrets.Mask(result.ToJson()), StringComparison.Ordinal);
        Assert.Contains("***", secrets.Mask(ErrorDocument.Of(new RunbookException("a\"b<c>\u00e4"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_that_holds_another_is_masked_whole()
    {
        var secrets = new Secrets();
        secrets.Add("token", "token-and-more", null, "");
        Assert.Equal("*** ***", secrets.Mask("token-and-more token"));
    }

    [Fact]
    public void Of_secrets_that_overlap_no_half_is_left()
    {
        var secrets = new Secrets();
        secrets.Add("abcdefgh", "efghijklmnop");
        Assert.Equal("x***y", secrets.Mask("xabcdefghijklmnopy"));
    }

    [Theory]
    [InlineData("hunter2-and-more", "it said hunter2-an", "it said ***")]
    [InlineData("hunter2-and-more", "it said hunter2-and-more, hunt", "it said ***, ***")]
    [InlineData("hunter2-and-more", "it said aHVudGVyMi1hb", "it said ***")]
    [InlineData("hunter2-\u00e4nd-more", "it said hunter2-\ufffd", "it said ***")]
    [InlineData("hunter2-and-more", "it said hun", "it said hun")]
    public void Half_of_a_secret_at_the_end_of_what_was_cut_is_masked(string secret, string text, string masked)
    {
        var secrets = new Secrets();
        secrets.Add(secret);
        Assert.Equal(masked, secrets.MaskCut(text));
    }

    [Theory]
    [InlineData("found hunter2-an\u2026, and more", "found ***\u2026, and more")]
    [InlineData("\"found\": \"aHVudGVyMi1hb\u2026\"", "\"found\": \"***\u2026\"")]
    [InlineData("hunting\u2026 hun\u2026 hunter2-and-more\u2026", "hunting\u2026 hun\u2026 ***\u2026")]
    public void Half_of_a_secret_before_a_mark_that_something_was_left_out_is_masked(string text, string masked)
    {
        var secrets = new Secrets();
        secrets.Add("hunter2-and-more");
        Assert.Equal(masked, secrets.Mask(text));
    }

    [Theory]
    [InlineData("see postgres://app:p@ss@host/db and http://x/@y", "see postgres://app:***@host/db and http://x/@y")]
    [InlineData("amqp://u:s/l@sh@broker:5672/x", "amqp://u:***@broker:5672/x")]
    [InlineData("redis://:pw@cache", "redis://:***@cache")]
    [InlineData("{\"url\":\"http://u:pw@h/\",\"mail\":\"a@b\"}", "{\"url\":\"http://u:***@h/\",\"mail\":\"a@b\"}")]
    [InlineData("http://127.0.0.1:8517/users/a@b", "http://127.0.0.1:8517/users/a@b")]
    [InlineData("registry.example.com:5000/app@sha256:0a", "registry.example.com:5000/app@sha256:0a")]
    [InlineData("ssh://git@host/x", "ssh://git@host/x")]
    public void A_password_in_an_address_is_masked_though_nobody_knew_it(string text, string masked) => Assert.Equal(masked, new Secrets().Mask(text));

    [Fact(Timeout = 60_000)]
    public async Task Many_values_and_long_logs_are_masked_in_time()
    {
        var secrets = new Secrets();
        secrets.Add(Enumerable.Range(0, 200).Select(i => $"s{i:x4}/\"{i * 7919:x8}\"&secret{i}"));
        var lines = Enumerable.Range(0, 20_000).Select(i => $"2026-01-01T00:00:00Z INFO request {i} of /bookings?limit={i} took {i % 97} ms \u2019").ToList();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Task.Run(() => Assert.All(lines, line => Assert.Equal(line, secrets.Mask(line))), TestContext.Current.CancellationToken);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed.TotalSeconds:0.0} s");
    }

    [Fact]
    public void No_secret_of_four_characters_or_more_is_left_in_any_text() => Prop.ForAll<NonNull<string>, NonNull<string>, NonNull<string>>((secret, before, after) =>
    {
        var secrets = new Secrets();
        secrets.Add(secret.Get);
        return (secret.Get.Length >= 4 && !secret.Get.Contains('*', StringComparison.Ordinal))
            ? !secrets.Mask(before.Get + secret.Get + after.Get).Contains(secret.Get, StringComparison.Ordinal)
            : secret.Get.Length >= 4 || secrets.Mask("x" + secret.Get) == "x" + secret.Get;
    }).Check(Seeded.Config);
}
