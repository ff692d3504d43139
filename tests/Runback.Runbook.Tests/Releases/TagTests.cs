using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Releases;
using Runback.Runbook.Runs;
using Outcome = Runback.Runbook.Runs.Outcome;

namespace Runback.Runbook.Tests.Releases;

public sealed class TagTests
{
    private const string First = "abcxyzABCXYZ0189_";
    private static readonly ImageReference Image = ImageReference.Parse("registry.example.com:5000/team/api:old");

    [Fact]
    public void Every_text_of_the_grammar_is_a_tag_and_every_other_is_none()
    {
        var texts = Gen.Elements((First + ".-/:@$`'\"\\ \n\t;|&(){}<>*?!#~%\u00e9\u0660\u0000").ToCharArray()).ArrayOf().Select(characters => new string(characters));
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var expected = text.Length is >= 1 and <= 128 && First.Contains(text[0], StringComparison.Ordinal)
                && text.All(c => (First + ".-").Contains(c, StringComparison.Ordinal));
            Assert.Equal(expected, Tag.TryParse(text, out var tag));
            Assert.Equal(expected ? text : null, tag?.Value);
        }).Check(Seeded.Config);
    }

    [Fact]
    public void Tags_made_by_the_grammar_are_taken_as_they_are()
    {
        var tags = from first in Gen.Elements(First.ToCharArray())
                   from rest in Gen.Elements((First + ".-").ToCharArray()).ArrayOf()
                   select (first + new string(rest))[..Math.Min(rest.Length + 1, 128)];
        Prop.ForAll(tags.ToArbitrary(), text => Assert.Equal(text, Tag.Parse(text).Value)).Check(Seeded.Config);
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_tag_has_at_most_128_characters(int length, bool valid) => Assert.Equal(valid, Tag.TryParse(new string('a', length), out _));

    [Theory]
    [InlineData("2025-12-15-rc1\n")]
    [InlineData("\n2025")]
    [InlineData("-rf")]
    [InlineData(".hidden")]
    [InlineData("$(reboot)")]
    [InlineData("a;b")]
    [InlineData("a b")]
    [InlineData("`id`")]
    [InlineData("a'b")]
    [InlineData("a|b")]
    [InlineData("a>b")]
    [InlineData("\u0661")]
    [InlineData("../../etc")]
    [InlineData("a?x=1")]
    [InlineData("a%2f")]
    public void What_is_no_tag_is_a_usage_error_that_shows_no_control_character(string text)
    {
        var refusal = Assert.Throws<RunbookException>(() => TagRequest.Parse(text, Image));
        Assert.Equal(Outcome.Usage, refusal.Outcome);
        Assert.NotNull(refusal.Hint);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Nothing_is_refused_with_what_to_give(string? text)
    {
        var refusal = Assert.Throws<RunbookException>(() => TagRequest.Parse(text, Image));
        Assert.Equal(Outcome.Usage, refusal.Outcome);
        Assert.Contains("--tag previous", refusal.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("Latest")]
    [InlineData("stable")]
    [InlineData("main")]
    [InlineData("production")]
    public void Words_that_move_name_no_release(string text)
    {
        var refusal = Assert.Throws<RunbookException>(() => TagRequest.Parse(text, Image));
        Assert.Equal(Outcome.Usage, refusal.Outcome);
        Assert.Contains("another image with every build", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registry.example.com:5000/team/api:2025-12-15-rc1", "--tag 2025-12-15-rc1")]
    [InlineData("registry.example.com:5000/team/other:2025-12-15-rc1", "another image")]
    [InlineData("team/api:2025-12-15-rc1", "another image")]
    [InlineData("postgres:17", "another image")]
    [InlineData("::", "last ':'")]
    public void A_reference_in_the_place_of_a_tag_is_refused(string text, string said)
    {
        var refusal = Assert.Throws<RunbookException>(() => TagRequest.Parse(text, Image));
        Assert.Equal(Outcome.Usage, refusal.Outcome);
        Assert.Contains(said, refusal.Message + refusal.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Previous_is_a_word_and_a_tag_is_a_tag()
    {
        Assert.True(TagRequest.Parse("previous", Image).IsPrevious);
        Assert.Equal("2025-12-15-rc1", TagRequest.Parse("2025-12-15-rc1", Image).Tag?.Value);
        Assert.Throws<RunbookException>(() => TagRequest.Parse("Previous", Image));
    }
}
