using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Deployments;

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
    public void Setting_replaces_the_value_and_nothing_else(string before, string after) => Assert.Equal(after, new EnvFile(before).Set(Name, "v2").Text);

    [Fact]
    public void What_is_set_is_read_back_and_every_other_byte_stays() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        var before = new EnvFile(text);
        var after = before.Set(Name, "v2");
        var others = before["OTHER"] == after["OTHER"];
        return after[Name] == "v2" && others && after.Set(Name, "v2").Text == after.Text && DiffersOnlyInTheValue(text, after.Text, before[Name] is null);
    }).Check(Seeded.Config);

    [Fact]
    public void Any_bytes_survive() => Prop.ForAll<byte[]>(bytes =>
    {
        var text = EnvFile.Bytes.GetString(bytes);
        var set = new EnvFile(text).Set(Name, "v2");
        return set[Name] == "v2" && EnvFile.Bytes.GetBytes(text).SequenceEqual(bytes) && DiffersOnlyInTheValue(text, set.Text, new EnvFile(text)[Name] is null);
    }).Check(Seeded.Config);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\nB=1")]
    [InlineData("$HOME")]
    [InlineData("\"")]
    [InlineData("a#b")]
    [InlineData("\u00e4")]
    public void A_value_that_would_need_quotes_is_refused(string value) => Assert.Throws<ArgumentException>(() => new EnvFile("").Set(Name, value));

    private static bool DiffersOnlyInTheValue(string before, string after, bool added) => added
        ? after.StartsWith(before, StringComparison.Ordinal) && after[before.Length..].Trim('\r', '\n') == "IMAGE_TAG=v2"
        : Enumerable.Range(0, after.Length - 1).Any(at =>
            string.CompareOrdinal(after, at, "v2", 0, 2) == 0 && before.Length >= after.Length - 2 - 64
            && before.StartsWith(after[..at], StringComparison.Ordinal) && before.EndsWith(after[(at + 2)..], StringComparison.Ordinal));
}
