using System.Text.Json;
using Runback.Runbook.Releases;
using Spectre.Console;
using static Runback.Runbook.Tests.Releases.Story;

namespace Runback.Runbook.Tests.Releases;

public sealed class ReleaseListingTests
{
    private static readonly DateTimeOffset Now = new(2025, 12, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Marks_tell_what_a_release_is_to_the_deployment()
    {
        var listing = Listing(
            History(Verified("2025-12-01-rc1"), Verified("2025-12-15-rc1"), Verified("2025-12-20-rc1"), Left("2025-12-20-rc1") with { Why = "500s" }, Verified("2025-12-15-rc1")),
            Running("2025-12-15-rc1"),
            "2025-12-20-rc1", "2025-12-15-rc1", "2025-12-01-rc1", "2025-11-01-rc1");
        Assert.Equal(
            [
                [ReleaseMark.VerifiedGood, ReleaseMark.RolledBackFrom],
                [ReleaseMark.Running, ReleaseMark.LastVerifiedGood],
                [ReleaseMark.Previous, ReleaseMark.VerifiedGood],
                [],
            ],
            listing.Rows.Select(row => row.Marks));
        Assert.Equal("500s", listing.Rows[0].RolledBackWhy);
    }

    [Fact]
    public void A_running_tag_that_stands_for_another_image_by_now_is_marked()
    {
        var listing = Listing(LedgerHistory.Empty, Running("a", "the image before"), "a");
        Assert.Equal([ReleaseMark.Running, ReleaseMark.Moved], Assert.Single(listing.Rows).Marks);
    }

    [Fact]
    public void What_only_the_deployment_knows_is_listed_as_not_in_the_registry()
    {
        var listing = Listing(History(Verified("gone")), Running("local"), "a");
        Assert.Equal(["a", "local", "gone"], listing.Rows.Select(row => row.Tag));
        Assert.Equal([ReleaseMark.Running, ReleaseMark.NotInRegistry], listing.Rows[1].Marks);
        Assert.Equal([ReleaseMark.Previous, ReleaseMark.LastVerifiedGood, ReleaseMark.NotInRegistry], listing.Rows[2].Marks);
    }

    [Fact]
    public void Heads_come_from_whoever_looked_and_else_from_the_ledger()
    {
        var published = Published("a", "b");
        var listing = ReleaseListing.Of(
            ImageReference.Parse("team/api"), published, History(Verified("a") with { Heads = ["old"] }, Verified("b") with { Heads = ["two", "heads"] }), RunningRelease.None,
            new Dictionary<string, IReadOnlyList<string>> { ["a"] = ["seen"] }, Now);
        Assert.Equal([["seen"], ["two", "heads"]], listing.Rows.Select(row => row.Heads));
    }

    [Fact]
    public void A_pipe_gets_a_line_for_each_release_without_colour_or_control_characters()
    {
        var listing = Listing(
            History(Verified("2025-12-15-rc1") with { Heads = ["[bold]head"] }, Left("2025-12-20-rc1") with { Why = "it\u001b[31m broke\nbadly" }),
            Running("2025-12-20-rc1"), "2025-12-20-rc1", "2025-12-15-rc1");
        using var writer = new StringWriter();
        ReleaseTable.Write(listing with { Notes = ["some are missing"] }, writer);
        var text = writer.ToString();
        Assert.DoesNotContain('\u001b', text);
        var line = Assert.Single(text.Split('\n'), line => line.Contains("2025-12-15-rc1", StringComparison.Ordinal));
        Assert.Contains("2025-12-15 10:00", line, StringComparison.Ordinal);
        Assert.Contains("10 d", line, StringComparison.Ordinal);
        Assert.Contains("[bold]head", line, StringComparison.Ordinal);
        Assert.Contains("previous, last verified good", line, StringComparison.Ordinal);
        Assert.Contains("rolled back from (it\u00b7[31m broke badly)", text, StringComparison.Ordinal);
        Assert.Contains("! some are missing", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_gets_colours()
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Out = new AnsiConsoleOutput(writer) });
        ReleaseTable.Write(Listing(LedgerHistory.Empty, Running("a"), "a"), console);
        Assert.Contains("\u001b[", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_list_says_so()
    {
        using var writer = new StringWriter();
        ReleaseTable.Write(Listing(LedgerHistory.Empty, RunningRelease.None), writer);
        Assert.Equal("docker.io/team/api has no releases.", writer.ToString().Trim());
    }

    [Fact]
    public void The_json_form_has_stable_names()
    {
        var listing = Listing(History(Verified("a") with { Heads = ["abc"] }), Running("a"), "a", "b");
        using var document = JsonDocument.Parse(ReleaseListingJson.Write(listing));
        var root = document.RootElement;
        Assert.Equal(["image", "at", "releases", "notes"], root.EnumerateObject().Select(member => member.Name));
        var first = root.GetProperty("releases")[0];
        Assert.Equal(
            ["tag", "publishedAt", "digest", "heads", "marks", "verifiedAt", "rolledBackWhy", "problem"],
            first.EnumerateObject().Select(member => member.Name));
        Assert.Equal("2025-12-15T10:00:00Z", first.GetProperty("publishedAt").GetString());
        Assert.Equal(["running", "lastVerifiedGood"], first.GetProperty("marks").EnumerateArray().Select(mark => mark.GetString()));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("releases")[1].GetProperty("verifiedAt").ValueKind);
    }

    [Theory]
    [InlineData(40, "40 s")]
    [InlineData(3599, "59 min")]
    [InlineData(7200, "2 h")]
    [InlineData(86400 * 300, "300 d")]
    [InlineData(86400 * 800, "2 y")]
    [InlineData(-5, "in future")]
    public void Ages_are_told_in_their_largest_unit(int seconds, string expected) => Assert.Equal(expected, ReleaseTable.Age(TimeSpan.FromSeconds(seconds)));

    private static PublishedReleases Published(params string[] tags) => new(
        [.. tags.Select(tag => new PublishedRelease(Tag.Parse(tag), new DateTimeOffset(2025, 12, 15, 10, 0, 0, TimeSpan.Zero), Digest.Of(System.Text.Encoding.UTF8.GetBytes(tag))))], null);

    private static ReleaseListing Listing(LedgerHistory history, RunningRelease running, params string[] tags) =>
        ReleaseListing.Of(ImageReference.Parse("team/api"), Published(tags), history, running, new Dictionary<string, IReadOnlyList<string>>(), Now);
}
