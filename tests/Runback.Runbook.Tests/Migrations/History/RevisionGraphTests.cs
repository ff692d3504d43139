using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Runs;
using Outcome = Runback.Runbook.Runs.Outcome;

namespace Runback.Runbook.Tests.Migrations.History;

public sealed class RevisionGraphTests
{
    [Fact]
    public void Revisions_come_after_what_they_follow_and_otherwise_by_path()
    {
        var graph = Revisions.Graph("d <- b c", "b <- a", "c <- a", "a");
        Assert.Equal(["a", "b", "c", "d"], Revisions.Ids(graph.OldestFirst));
        Assert.Equal(["d", "c", "b", "a"], Revisions.Ids(graph.NewestFirst));
    }

    [Fact]
    public void A_merge_is_the_only_head() => Assert.Equal(["d"], Revisions.Graph("a", "b <- a", "c <- a", "d <- b c").Heads);

    [Fact]
    public void Several_heads_and_bases_are_told()
    {
        var graph = Revisions.Graph("a", "b <- a", "x", "y <- x needs b");
        Assert.Equal(["b", "y"], graph.Heads.Order());
        Assert.Equal(["a", "x"], graph.Bases.Order());
    }

    [Fact]
    public void A_dependency_counts_as_ancestry_and_orders() =>
        Assert.Equal(["a", "b", "x", "y"], Revisions.Graph("a", "x", "b <- a", "y <- x needs b").AncestorsAndSelf(["y"]).Order());

    [Fact]
    public void A_range_takes_what_comes_after_its_beginning_up_to_its_end()
    {
        var graph = Revisions.Graph("a", "b <- a", "c <- b", "d <- c", "side <- a");
        Assert.Equal(["b", "c"], Revisions.Ids(graph.Range("a", "c")));
        Assert.Equal(["a", "b"], Revisions.Ids(graph.Range(null, "b")));
        Assert.Equal(["c", "d"], Revisions.Ids(graph.Range("b", "d")));
        Assert.Equal(["b", "c", "d", "side"], Revisions.Ids(graph.Range("a", null)));
        Assert.Empty(graph.Range("c", "c"));
    }

    [Fact]
    public void A_range_over_a_merge_takes_the_other_branch_too() =>
        Assert.Equal(["c", "d"], Revisions.Ids(Revisions.Graph("a", "b <- a", "c <- a", "d <- b c").Range("b", "d")));

    [Fact]
    public void A_beginning_on_another_branch_is_refused() =>
        Assert.Equal(Outcome.Usage, Assert.Throws<RunbookException>(() => Revisions.Graph("a", "b <- a", "c <- a").Range("b", "c")).Outcome);

    [Fact]
    public void A_revision_is_found_by_the_unique_beginning_of_its_id()
    {
        var long47 = new string('x', 47);
        var graph = Revisions.Graph("1a2b3c", "1a9d <- 1a2b3c", long47 + " <- 1a9d");
        Assert.Equal("1a2b3c", graph.Resolve("1a2"));
        Assert.Equal(long47, graph.Resolve("xx"));
        Assert.Contains("2 that begin", Assert.Throws<RunbookException>(() => graph.Resolve("1a")).Message, StringComparison.Ordinal);
        Assert.Contains("none", Assert.Throws<RunbookException>(() => graph.Resolve("zz")).Message, StringComparison.Ordinal);
        Assert.Contains("relative", Assert.Throws<RunbookException>(() => graph.Resolve("-1")).Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_is_refused_as_a_path()
    {
        var fault = Assert.Throws<RunbookException>(() => Revisions.Graph("a", "b <- a d", "c <- b", "d <- c", "e <- d"));
        Assert.Contains("b -> d -> c -> b", fault.Message, StringComparison.Ordinal);
        Assert.Equal(Outcome.Refused, fault.Outcome);
    }

    [Fact]
    public void A_revision_that_follows_itself_is_a_circle() =>
        Assert.Contains("a -> a", Assert.Throws<RunbookException>(() => Revisions.Graph("a <- a")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_down_revision_is_named_with_the_file_that_follows_it()
    {
        var message = Assert.Throws<RunbookException>(() => Revisions.Graph("b <- gone")).Message;
        Assert.Contains("gone", message, StringComparison.Ordinal);
        Assert.Contains("versions/b.py", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_dependency_is_named() =>
        Assert.Contains("depends_on", Assert.Throws<RunbookException>(() => Revisions.Graph("a", "b <- a needs gone")).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_files_with_one_revision_are_refused()
    {
        SourceFile[] files = [.. Revisions.Files("a"), new("versions/copy.py", "revision = 'a'\ndown_revision = None\n")];
        var message = Assert.Throws<RunbookException>(() => RevisionGraph.Read(files)).Message;
        Assert.Contains("versions/a.py", message, StringComparison.Ordinal);
        Assert.Contains("versions/copy.py", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Python_that_does_not_parse_is_refused_with_file_and_line() => Assert.Contains(
        "versions/x.py:2",
        Assert.Throws<RunbookException>(() => RevisionGraph.Read([new("versions/x.py", "revision = 'a'\ndef upgrade(:\n")])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Files_that_are_no_migrations_are_left_out() =>
        Assert.Single(RevisionGraph.Read([.. Revisions.Files("a"), new("versions/helpers.py", "def helper(): pass\n")]).OldestFirst);

    [Fact]
    public void No_migration_at_all_is_refused()
    {
        Assert.Equal(Outcome.Usage, Assert.Throws<RunbookException>(() => RevisionGraph.Read([])).Outcome);
        Assert.Contains("1 Python files", Assert.Throws<RunbookException>(() => RevisionGraph.Read([new("a.py", "x = 1")])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_any_history_each_revision_comes_after_all_that_it_follows() => Prop.ForAll(
        Gen.Choose(0, 1 << 20).ListOf(12).ToArbitrary(),
        bits =>
        {
            var lines = bits.Select((set, i) => $"r{i:00} <- {string.Join(' ', Enumerable.Range(0, i).Where(j => (set >> j & 5) == 5).Select(j => $"r{j:00}"))}").Reverse().ToArray();
            var graph = Revisions.Graph(lines);
            var seen = new HashSet<string>();
            return graph.OldestFirst.All(script => script.DownRevisions.All(seen.Contains) && seen.Add(script.Revision))
                && graph.AncestorsAndSelf(graph.Heads).Count == bits.Count;
        }).Check(Seeded.Config);
}
