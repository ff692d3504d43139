using System.Text.Json.Nodes;
using Runback.Runbook.Profiles;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Profiles;

/// <summary>How a profile gets onto the disk.</summary>
public sealed class ProfileFileTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("runback-profile-");

    public ProfileFileTests() => _root.CreateSubdirectory(".nuke");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void What_the_proposal_doesnt_know_stays_and_only_changes_are_shown()
    {
        var existing = (JsonObject)JsonNode.Parse("""{"$schema": "build.schema.json", "database": "old", "Switches": ["exports: A=b"], "GithubToken": "v1:abc", "EnvFile": ".env"}""")!;
        var merged = ProfileFile.Merge(existing, Sample.Propose("one-image"));

        Assert.Equal("shop_live", $"{merged["Database"]}");
        Assert.Equal("v1:abc", $"{merged["GithubToken"]}");
        Assert.False(merged.ContainsKey("database"));
        var differences = ProfileFile.Differences(existing, merged);
        Assert.Contains("- database: \"old\"", differences);
        Assert.Contains("+ Database: \"shop_live\"", differences);
        Assert.DoesNotContain(differences, line => line.Contains("GithubToken", StringComparison.Ordinal) || line.Contains("EnvFile", StringComparison.Ordinal));
        Assert.Empty(ProfileFile.Differences(merged, ProfileFile.Merge(merged, Sample.Propose("one-image"))));
    }

    [Fact]
    public void It_is_written_whole_and_the_old_one_is_kept()
    {
        var file = new ProfileFile(_root.FullName, "shop");
        Assert.Null(file.Read());
        Assert.Null(file.Write(new JsonObject { ["Database"] = "one" }));
        var kept = file.Write(new JsonObject { ["Database"] = "two" });

        Assert.Equal("two", $"{file.Read()!["Database"]}");
        Assert.Contains("one", File.ReadAllText(kept!), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_root.FullName, ".nuke")).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a b")]
    [InlineData("-x")]
    public void A_name_that_is_none_is_refused(string name) => Assert.Equal(Outcome.Usage, Assert.Throws<RunbookException>(() => new ProfileFile(_root.FullName, name)).Outcome);

    [Fact]
    public void A_file_that_is_no_object_is_refused()
    {
        File.WriteAllText(Path.Combine(_root.FullName, ".nuke", "parameters.shop.json"), "[1]");
        Assert.Equal(Outcome.Usage, Assert.Throws<RunbookException>(() => new ProfileFile(_root.FullName, "shop").Read()).Outcome);
    }
}
