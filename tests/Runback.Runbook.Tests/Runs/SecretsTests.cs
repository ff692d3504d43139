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
    public void No_secret_of_four_characters_or_more_is_left_in_any_text() => Prop.ForAll<NonNull<string>, NonNull<string>, NonNull<string>>((secret, before, after) =>
    {
        var secrets = new Secrets();
        secrets.Add(secret.Get);
        return (secret.Get.Length >= 4 && !secret.Get.Contains('*', StringComparison.Ordinal))
            ? !secrets.Mask(before.Get + secret.Get + after.Get).Contains(secret.Get, StringComparison.Ordinal)
            : secret.Get.Length >= 4 || secrets.Mask("x" + secret.Get) == "x" + secret.Get;
    }).Check(Seeded.Config);
}
