using Runback.Runbook.Migrations.History;

namespace Runback.Runbook.Tests.Migrations.History;

public sealed class RevisionPathTests
{
    private static readonly RevisionGraph Old = Revisions.Graph("a", "b <- a");
    private static readonly RevisionGraph New = Revisions.Graph("a", "b <- a", "c <- b", "d <- b", "e <- c d");

    [Fact]
    public void The_same_revisions_need_no_path()
    {
        var path = RevisionPath.Find(["b"], New, Old);
        Assert.Equal(PathKind.Same, path.Kind);
        Assert.Empty(path.Path);
    }

    [Fact]
    public void A_database_ahead_has_the_path_newest_first_on_the_graph()
    {
        var path = RevisionPath.Find(["e"], New, Old);
        Assert.Equal(PathKind.Ahead, path.Kind);
        Assert.Equal(["e", "d", "c"], Revisions.Ids(path.Path));
    }

    [Fact]
    public void Several_rows_of_the_version_table_are_several_heads()
    {
        var path = RevisionPath.Find(["c", "d"], New, Old);
        Assert.Equal(PathKind.Ahead, path.Kind);
        Assert.Equal(["d", "c"], Revisions.Ids(path.Path));
    }

    [Fact]
    public void Only_what_is_in_the_database_is_in_the_path() => Assert.Equal(["c"], Revisions.Ids(RevisionPath.Find(["c"], New, Old).Path));

    [Fact]
    public void A_target_newer_than_the_database_is_told_with_what_is_missing()
    {
        var path = RevisionPath.Find(["b"], Old, New);
        Assert.Equal(PathKind.Behind, path.Kind);
        Assert.Equal(["c", "d", "e"], Revisions.Ids(path.Missing));
    }

    [Fact]
    public void An_empty_database_is_behind() => Assert.Equal(PathKind.Behind, RevisionPath.Find([], Old, Old).Kind);

    [Fact]
    public void A_target_with_a_head_that_the_database_lacks_has_diverged()
    {
        var path = RevisionPath.Find(["c"], New, Revisions.Graph("a", "b <- a", "other <- b"));
        Assert.Equal(PathKind.Diverged, path.Kind);
        Assert.Equal(["c"], Revisions.Ids(path.Path));
        Assert.Equal(["other"], Revisions.Ids(path.Missing));
    }

    [Fact]
    public void A_revision_that_no_file_has_is_told()
    {
        var path = RevisionPath.Find(["b", "gone"], New, Old);
        Assert.Equal(PathKind.UnknownRevision, path.Kind);
        Assert.Equal(["gone"], path.Unknown);
    }

    [Fact]
    public void A_dependency_of_what_is_applied_is_applied_as_well()
    {
        var target = Revisions.Graph("a", "x");
        var running = Revisions.Graph("a", "x", "y <- x needs a");
        Assert.Equal(PathKind.Ahead, RevisionPath.Find(["y"], running, target).Kind);
    }
}
