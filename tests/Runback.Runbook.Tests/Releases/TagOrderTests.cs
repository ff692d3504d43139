using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Releases;

namespace Runback.Runbook.Tests.Releases;

public sealed class TagOrderTests
{
    [Fact]
    public void Dated_tags_come_first_then_versions_then_words() => Assert.Equal(
        ["v2025.12.20", "2025-12-15-rc10", "2025-12-15-rc2", "20251201", "v2.10.0", "v2.9.9", "main", "feature-x"],
        TagOrder.NewestFirst(["v2.9.9", "main", "2025-12-15-rc2", "20251201", "feature-x", "2025-12-15-rc10", "v2025.12.20", "v2.10.0"]));

    [Theory]
    [InlineData("2025-12-15-rc1", "2025-12-15")]
    [InlineData("20251215", "2025-12-15")]
    [InlineData("20251215093000", "2025-12-15")]
    [InlineData("release_2025.12.15", "2025-12-15")]
    [InlineData("2025-13-45", null)]
    [InlineData("2025-02-30", null)]
    [InlineData("120251215", null)]
    [InlineData("v1.2.3", null)]
    [InlineData("2025-1215", null)]
    public void A_date_inside_a_tag_is_found(string tag, string? expected) =>
        Assert.Equal(expected, TagOrder.DateIn(tag)?.ToString("yyyy-MM-dd"));

    [Fact]
    public void The_natural_order_is_an_order()
    {
        var tags = Gen.Elements("a01bA-.2390".ToCharArray()).ArrayOf().Select(characters => new string(characters));
        var triples = from a in tags from b in tags from c in tags select (a, b, c);
        Prop.ForAll(triples.ToArbitrary(), triple =>
        {
            var (a, b, c) = triple;
            Assert.Equal(Math.Sign(TagOrder.CompareNaturally(a, b)), -Math.Sign(TagOrder.CompareNaturally(b, a)));
            Assert.Equal(a == b, TagOrder.CompareNaturally(a, b) == 0);
            if (TagOrder.CompareNaturally(a, b) <= 0 && TagOrder.CompareNaturally(b, c) <= 0)
                Assert.True(TagOrder.CompareNaturally(a, c) <= 0);
        }).Check(Seeded.Config);
    }

    [Theory]
    [InlineData("2025-12-51-rc1", new[] { "2025-12-15-rc1", "2025-12-01-rc1", "2024-01-01-rc1", "latest" }, "2025-12-15-rc1,2025-12-01-rc1")]
    [InlineData("2025-12-15-RC1", new[] { "2025-12-15-rc1" }, "2025-12-15-rc1")]
    [InlineData("2025-12-15", new[] { "2025-12-15-rc1", "2025-12-15-rc2" }, "2025-12-15-rc2,2025-12-15-rc1")]
    [InlineData("v9", new[] { "2025-12-15-rc1" }, "")]
    [InlineData("x", new string[0], "")]
    public void The_nearest_tags_are_named(string wanted, string[] tags, string expected) => Assert.Equal(expected, string.Join(',', NearestTags.To(wanted, tags)));

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("rc1", "rc2", 1)]
    [InlineData("12-15", "12-51", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distances_count_changes(string one, string other, int expected) => Assert.Equal(expected, NearestTags.Distance(one, other));
}
