using Runback.Runbook.Migrations.History;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Rollbacks.Gates;

namespace Runback.Runbook.Tests.Rollbacks;

/// <summary>What the gate says of revisions that no image knows.</summary>
public sealed class HistoryGateTests
{
    private static readonly ReleaseHistory Unknown = new(["n9"], new RevisionPath(PathKind.UnknownRevision, [], [], ["n9"]), null, ["n1"], null);

    [Fact]
    public void Why_the_running_releases_migrations_cannot_be_read_is_said_before_that_of_any_other_image()
    {
        var history = Unknown with { Unread = [new UnreadImage("sha256:old", false, "no such folder"), new UnreadImage("v2", true, "expected migrations in db/versions, found no such folder")] };
        var judged = new HistoryGate().Judge(history, Course.Keep, acceptsCaution: false, "v1", isDryRun: false);
        Assert.False(judged.Passed);
        Assert.EndsWith("; the migrations of v2, which runs, can't be read: expected migrations in db/versions, found no such folder (and those of 1 more images)", judged.Found, StringComparison.Ordinal);
        Assert.Contains("--migrations-directory", judged.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_all_could_be_read_the_release_that_made_them_is_to_be_found()
    {
        var judged = new HistoryGate().Judge(Unknown, Course.Keep, acceptsCaution: false, "v1", isDryRun: false);
        Assert.EndsWith("which neither the running release nor v1 has", judged.Found, StringComparison.Ordinal);
        Assert.Contains("docker pull", judged.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Overlapping_heads_are_refused_with_what_to_do_in_a_dry_run_too(bool isDryRun)
    {
        var fault = new VersionFault("expected heads, found b beside c", "remove the row that is too much");
        var judged = new HistoryGate().Judge(
            new ReleaseHistory(["b", "c"], null, null, [], fault.Found) { ProblemHint = fault.Hint, VersionFault = fault }, Course.Keep, acceptsCaution: true, "v1", isDryRun);
        Assert.False(judged.Passed);
        Assert.EndsWith("found b beside c", judged.Found, StringComparison.Ordinal);
        Assert.Equal(fault.Hint, judged.Hint);
    }
}
