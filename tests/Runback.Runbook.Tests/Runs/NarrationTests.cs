using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Runs;

public sealed class NarrationTests
{
    [Theory]
    [InlineData("plain\tline\nsecond \u00e4\u20ac", "plain\tline\nsecond \u00e4\u20ac")]
    [InlineData("\u001b]0;title\u0007\u001b[2Jgone", "\u00b7]0;title\u00b7\u00b7[2Jgone")]
    [InlineData("over\rwritten", "over\u00b7written")]
    [InlineData("c1 \u009b31m and del \u007f", "c1 \u00b731m and del \u00b7")]
    [InlineData("nul \0", "nul \u00b7")]
    public void Control_characters_do_not_reach_the_terminal(string text, string printed) => Assert.Equal(printed, Narration.Printable(text));

    [Fact]
    public void Text_that_turns_its_direction_does_not_reach_the_terminal() =>
        Assert.DoesNotContain('\u202e', Narration.Printable("tag \u202egnp.exe"));

    [Fact]
    public void Every_line_is_masked_and_copied_as_it_was_printed()
    {
        var secrets = new Secrets();
        secrets.Add("hunter2");
        using var writer = new StringWriter();
        var copied = new List<string>();
        var narration = new Narration(writer, secrets) { Copy = copied.Add };
        narration.Say("one hunter2 \u001b[31m");
        narration.Change("cat <<'EOF'\nhunter2\nEOF");
        narration.Warn("careful", "mind hunter2");
        Assert.Equal("one *** \u00b7[31m\n  $ cat <<'EOF'\n***\nEOF\n! careful\n  hint: mind ***\n", writer.ToString());
        Assert.Equal(writer.ToString(), string.Concat(copied.Select(line => line + "\n")));
    }

    [Fact]
    public void A_secret_with_a_control_character_in_it_is_masked_too()
    {
        var secrets = new Secrets();
        secrets.Add("hun\u001bter2");
        using var writer = new StringWriter();
        new Narration(writer, secrets).Say("it is hun\u001bter2");
        Assert.Equal("it is ***\n", writer.ToString());
    }
}
