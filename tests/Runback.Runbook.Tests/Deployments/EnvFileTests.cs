using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Deployments;

public sealed class EnvFileTests
{
    private const string Name = "IMAGE_TAG";

    private static readonly Gen<string> Texts = Gen.Elements(
            "IMAGE_TAG", "IMAGE_TAG=", "OTHER", "=", "\"", "'", "\n", "\r\n", "\r", " #", "#", "export ", " ", "\t", "old", "v1", "\\", "\\\"", "${X}", "\u00ff", "\u00c3", "\0")
        .ListOf().Select(parts => string.Concat(parts));

    [Theory]
    [InlineData("IMAGE_TAG=v1", "v1")]
    [InlineData("IMAGE_TAG=v1\r\n", "v1")]
    [InlineData("  IMAGE_TAG =  v1  \n", "v1")]
    [InlineData("export IMAGE_TAG=v1\n", "v1")]
    [InlineData("IMAGE_TAG=\"v1\" # the good one\n", "v1")]
    [InlineData("IMAGE_TAG='v1'\n", "v1")]
    [InlineData("IMAGE_TAG=v1 # the good one\n", "v1")]
    [InlineData("IMAGE_TAG=v1#2\n", "v1#2")]
    [InlineData("IMAGE_TAG=v1@sha256:0a\n", "v1@sha256:0a")]
    [InlineData("IMAGE_TAG=\n", "")]
    [InlineData("IMAGE_TAG=old\nIMAGE_TAG=v1\n", "v1")]
    [InlineData("\u00ef\u00bb\u00bfIMAGE_TAG=v1\n", "v1")]
    [InlineData("# IMAGE_TAG=old\n", null)]
    [InlineData("MY_IMAGE_TAG=old\nIMAGE_TAGS=old\n", null)]
    [InlineData("CERT=\"begin\nIMAGE_TAG=old\nend\"\n", null)]
    [InlineData("CERT='begin\nIMAGE_TAG=old\nend'\nIMAGE_TAG=v1", "v1")]
    [InlineData("CERT=\"a \\\" quote\nIMAGE_TAG=old\"\nIMAGE_TAG=v1", "v1")]
    [InlineData("", null)]
    [InlineData("IMAGE_TAG: v1\n", "v1")]
    [InlineData("IMAGE_TAG:v1\n", "v1")]
    [InlineData("IMAGE_TAG : 'v1' # why\n", "v1")]
    [InlineData("export\tIMAGE_TAG=v1\n", "v1")]
    [InlineData("exportIMAGE_TAG=v1\n", null)]
    [InlineData("A='it\\'s\nIMAGE_TAG=inside\n'\nIMAGE_TAG=v1\n", "v1")]
    [InlineData("A='it\\'s\nIMAGE_TAG=inside\n'\n", null)]
    [InlineData("A='ends in a backslash\\\\'\nIMAGE_TAG=v1\n", "v1")]
    [InlineData("A=\"x\" IMAGE_TAG=v1\n", "v1")]
    [InlineData("A=\"x\" # IMAGE_TAG=no\nIMAGE_TAG=v1\n", "v1")]
    [InlineData("A=it's\nIMAGE_TAG=v1\nB=it's\n", "v1")]
    [InlineData("IMAGE_TAG= # no comment\n", "# no comment")]
    [InlineData("IMAGE_TAG=v1\t# no comment\n", "v1\t# no comment")]
    [InlineData("IMAGE_TAG=v1\u00c2\u00a0\n", "v1")]
    [InlineData("\u00c3\u00a4=1\nA[0].b-c=1\nexport\nIMAGE_TAG=v1\n", "v1")]
    [InlineData("IMAGE_TAG\nB=2\n", null)]
    [InlineData("IMAGE_TAG=v1\nIMAGE_TAG\n", "v1")]
    [InlineData("IMAGE_TAG", null)]
    [InlineData("\r\n \r\n#IMAGE_TAG=no\r\nIMAGE_TAG='v1'\r\n", "v1")]
    [InlineData("RUNBACK_REL=v1\nIMAGE_TAG=${RUNBACK_REL}\n", "v1")]
    [InlineData("RUNBACK_REL=v1\nIMAGE_TAG=\"${RUNBACK_REL}-x\"\n", "v1-x")]
    [InlineData("RUNBACK_REL=v1\nIMAGE_TAG='${RUNBACK_REL}'\n", "${RUNBACK_REL}")]
    [InlineData("IMAGE_TAG=${RUNBACK_REL:-v1}\nRUNBACK_REL=v2\n", "v1")]
    [InlineData("RUNBACK_REL=\nIMAGE_TAG=a${RUNBACK_REL-v1}b${RUNBACK_REL:-${RUNBACK_X-c}}\n", "abc")]
    [InlineData("RUNBACK_REL=x\nIMAGE_TAG=$RUNBACK_REL.${RUNBACK_REL:+y}\n", "x.y")]
    [InlineData("IMAGE_TAG=a$$b\n", "a$b")]
    [InlineData("IMAGE_TAG=\"a\\$b\\tc\"\n", "a$b\tc")]
    public void The_effective_assignment_is_read(string text, string? value) => Assert.Equal(value, new EnvFile(text)[Name]);

    [Theory]
    [InlineData("A=1\nIMAGE_TAG=old\nB=2\n", "A=1\nIMAGE_TAG=v2\nB=2\n")]
    [InlineData("A=1\r\nIMAGE_TAG=old\r\nB=2\r\n", "A=1\r\nIMAGE_TAG=v2\r\nB=2\r\n")]
    [InlineData("IMAGE_TAG=old # why\n", "IMAGE_TAG=v2 # why\n")]
    [InlineData("IMAGE_TAG=\"old\" # why\n", "IMAGE_TAG=\"v2\" # why\n")]
    [InlineData("IMAGE_TAG='old'", "IMAGE_TAG='v2'")]
    [InlineData("export  IMAGE_TAG = old\n", "export  IMAGE_TAG = v2\n")]
    [InlineData("IMAGE_TAG=\nB=2\n", "IMAGE_TAG=v2\nB=2\n")]
    [InlineData("IMAGE_TAG=one\nIMAGE_TAG=two\n", "IMAGE_TAG=one\nIMAGE_TAG=v2\n")]
    [InlineData("CERT=\"begin\nIMAGE_TAG=inside\nend\"\nIMAGE_TAG=old\n", "CERT=\"begin\nIMAGE_TAG=inside\nend\"\nIMAGE_TAG=v2\n")]
    [InlineData("CERT=\"begin\nIMAGE_TAG=inside\nend\"\n", "CERT=\"begin\nIMAGE_TAG=inside\nend\"\nIMAGE_TAG=v2\n")]
    [InlineData("A=1", "A=1\nIMAGE_TAG=v2\n")]
    [InlineData("A=1\r\nB=2", "A=1\r\nB=2\r\nIMAGE_TAG=v2\r\n")]
    [InlineData("", "IMAGE_TAG=v2\n")]
    [InlineData("\u00ef\u00bb\u00bfIMAGE_TAG=old\n", "\u00ef\u00bb\u00bfIMAGE_TAG=v2\n")]
    [InlineData("IMAGE_TAG=old\nPASSWORD=p\u00e4\u00ff\u0000ss\n", "IMAGE_TAG=v2\nPASSWORD=p\u00e4\u00ff\u0000ss\n")]
    [InlineData("IMAGE_TAG: old\n", "IMAGE_TAG: v2\n")]
    [InlineData("IMAGE_TAG:'old' # why\n", "IMAGE_TAG:'v2' # why\n")]
    [InlineData("A='it\\'s\nIMAGE_TAG=inside\n'\nIMAGE_TAG=old\n", "A='it\\'s\nIMAGE_TAG=inside\n'\nIMAGE_TAG=v2\n")]
    [InlineData("A='it\\'s\nIMAGE_TAG=inside\n'\n", "A='it\\'s\nIMAGE_TAG=inside\n'\nIMAGE_TAG=v2\n")]
    [InlineData("A=\"x\" IMAGE_TAG=old\n", "A=\"x\" IMAGE_TAG=v2\n")]
    [InlineData("IMAGE_TAG='o\\'l\nd'\n", "IMAGE_TAG='v2'\n")]
    [InlineData("IMAGE_TAG= # no comment\n", "IMAGE_TAG= v2\n")]
    [InlineData("IMAGE_TAG\n", "IMAGE_TAG\nIMAGE_TAG=v2\n")]
    [InlineData("IMAGE_TAG='${REL}'\n", "IMAGE_TAG='v2'\n")]
    [InlineData("IMAGE_TAG=a$$b\n", "IMAGE_TAG=v2\n")]
    public void Setting_replaces_the_value_and_nothing_else(string before, string after) => Assert.Equal(after, new EnvFile(before).Set(Name, "v2").Text);

    [Fact]
    public void What_is_set_is_read_back_and_every_other_byte_stays() => Prop.ForAll(Texts.ToArbitrary(), text => IsSetOrRefused(text)).Check(Seeded.Config);

    [Fact]
    public void Any_bytes_survive() => Prop.ForAll<byte[]>(bytes =>
    {
        var text = EnvFile.Bytes.GetString(bytes);
        return EnvFile.Bytes.GetBytes(text).SequenceEqual(bytes) && IsSetOrRefused(text);
    }).Check(Seeded.Config);

    [Theory]
    [InlineData("A='open\nIMAGE_TAG=v1\n", "line 1: a quote")]
    [InlineData("A=\"open\\\"\nIMAGE_TAG=v1\n", "doesn't end")]
    [InlineData("A=1\n$B=2\nIMAGE_TAG=v1\n", "line 2: `$`")]
    [InlineData("two words\nIMAGE_TAG=v1\n", "line 1: a blank")]
    [InlineData("A=\"x\"junk!\nIMAGE_TAG=v1\n", "`!`")]
    [InlineData("\u00efIMAGE_TAG=v1\n", "in a variable's name")]
    [InlineData("=1\nIMAGE_TAG=v1\n", "line 1: a value without a name")]
    [InlineData("IMAGE_TAG=v1\nA", "line 2: a name at the file's end")]
    public void A_file_that_Compose_refuses_is_not_edited(string text, string why)
    {
        Assert.Contains(why, new EnvFile(text).Problem, StringComparison.Ordinal);
        var refusal = Assert.Throws<RunbookException>(() => new EnvFile(text).Set(Name, "v2"));
        Assert.Equal(Runback.Runbook.Runs.Outcome.Refused, refusal.Outcome);
    }

    [Theory]
    [InlineData("REL=v1\nIMAGE_TAG=${REL}\n", "TagVariable")]
    [InlineData("REL=v1\nIMAGE_TAG=\"$REL\"\n", "TagVariable")]
    [InlineData("REL=v1\nIMAGE_TAG=release-${REL:-x}\n", "TagVariable")]
    [InlineData("IMAGE_TAG=${REL}\n", "write IMAGE_TAG's value out")]
    [InlineData("A=1\nB=2\nIMAGE_TAG=${A}.${B}\n", "write IMAGE_TAG's value out")]
    public void A_value_that_follows_others_is_not_flattened(string text, string hint)
    {
        var refusal = Assert.Throws<RunbookException>(() => new EnvFile(text).Set(Name, "v2"));
        Assert.Equal(Runback.Runbook.Runs.Outcome.Refused, refusal.Outcome);
        Assert.Contains(hint, refusal.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_hold_themselves_have_an_end()
    {
        var doubling = new EnvFile("A=xxxxxxxx\n" + string.Concat(Enumerable.Repeat("A=${A}${A}\n", 200)) + "IMAGE_TAG=v1\n");
        Assert.Equal("v1", doubling[Name]);
        var chain = new EnvFile("A=1\n" + string.Concat(Enumerable.Repeat("A=$A\n", 20_000)) + "B='" + string.Concat(Enumerable.Repeat("${", 20_000)) + "'\nIMAGE_TAG=v1\n");
        Assert.Equal(("1", "v1"), (chain["A"], chain[Name]));
    }

    [Fact]
    public void All_values_are_text()
    {
        var values = new EnvFile(EnvFile.Bytes.GetString("PASSWORD='pä\u2019ss'\nexport A: b\n"u8)).Values;
        Assert.Equal(new Dictionary<string, string> { ["PASSWORD"] = "pä\u2019ss", ["A"] = "b" }, values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\nB=1")]
    [InlineData("$HOME")]
    [InlineData("\"")]
    [InlineData("a#b")]
    [InlineData("\u00e4")]
    public void A_value_that_would_need_quotes_is_refused(string value) => Assert.Throws<ArgumentException>(() => new EnvFile("").Set(Name, value));

    private static bool IsSetOrRefused(string text)
    {
        var before = new EnvFile(text);
        if (before.Problem is not null || before.SourcesOf(Name).Count > 0)
            return Throws(before);
        var after = before.Set(Name, "v2");
        return after[Name] == "v2" && after.Problem is null && before["OTHER"] == after["OTHER"] && after.Set(Name, "v2").Text == after.Text && DiffersOnlyInTheValue(text, after.Text, before[Name] is null);
    }

    private static bool Throws(EnvFile file)
    {
        try
        {
            file.Set(Name, "v2");
            return false;
        }
        catch (RunbookException refusal)
        {
            return refusal.Outcome == Runback.Runbook.Runs.Outcome.Refused;
        }
    }

    private static bool DiffersOnlyInTheValue(string before, string after, bool added) => added
        ? after.StartsWith(before, StringComparison.Ordinal) && after[before.Length..].Trim('\r', '\n') == "IMAGE_TAG=v2"
        : Enumerable.Range(0, after.Length - 1).Any(at =>
            string.CompareOrdinal(after, at, "v2", 0, 2) == 0 && before.Length >= after.Length - 2 - 64
            && before.StartsWith(after[..at], StringComparison.Ordinal) && before.EndsWith(after[(at + 2)..], StringComparison.Ordinal));
}
