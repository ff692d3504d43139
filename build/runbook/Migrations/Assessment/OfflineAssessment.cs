using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Migrations.Assessment;

/// <summary>
/// Judges migrations from their files alone, as a gate for a pull request: no engine, no database. Each revision has its own verdict, as if
/// it were deployed alone: whatever earlier revisions made is old to it. The verdict of the whole is that of the path from
/// <c>from</c> to <c>to</c> as one deployment, where what the path itself made is new; without a beginning it is the worst single one.
/// </summary>
public static class OfflineAssessment
{
    /// <summary>Reads and judges.</summary>
    /// <param name="folders">Version folders, or anything that <see cref="MigrationFolders.Read"/> takes.</param>
    /// <param name="from">The revision (or the unique beginning of one, or a commit, tag or branch of git) after which the path begins; null for the beginning.</param>
    /// <param name="to">The last revision (or commit, tag or branch whose files are judged); null for every head.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="allowed">Rules whose findings call for caution only.</param>
    /// <exception cref="RunbookException">The folders hold no history, or the range isn't one.</exception>
    public static async Task<PathAssessment> RunAsync(
        IReadOnlyList<string> folders, string? from, string? to, CancellationToken cancellation, IReadOnlyList<string>? allowed = null)
    {
        if (allowed?.FirstOrDefault(rule => Rules.RuleList.Find(rule) is null) is { } unknown)
        {
            throw RunbookException.Usage(
                $"expected a rule to allow, found `{unknown}`", $"the rules are: {string.Join(", ", Rules.RuleList.All.Select(rule => rule.Id).Order(StringComparer.Ordinal))}");
        }

        var graph = RevisionGraph.Read(MigrationFolders.Read(folders));
        if (to is not null && !IsRevision(graph, to))
        {
            graph = RevisionGraph.Read(await AtReferenceAsync(folders, to, cancellation));
            to = null;
        }

        HashSet<string>? before = null;
        if (from is not null && !IsRevision(graph, from))
        {
            before = [.. RevisionGraph.Read(await AtReferenceAsync(folders, from, cancellation)).OldestFirst.Select(script => script.Revision)];
            from = null;
        }

        return Judge(graph, from, to, before, allowed);
    }

    /// <summary>Judges the migrations of a range.</summary>
    /// <param name="graph">All migrations.</param>
    /// <param name="from">The revision after which the path begins; null for the beginning.</param>
    /// <param name="to">The last revision; null for every head.</param>
    /// <param name="before">Revisions that are left out besides; null for none.</param>
    /// <param name="allowed">Rules whose findings call for caution only.</param>
    public static PathAssessment Judge(RevisionGraph graph, string? from, string? to, IReadOnlySet<string>? before = null, IReadOnlyList<string>? allowed = null)
    {
        var path = graph.Range(from, to);
        if (before is not null)
            path = [.. path.Where(script => !before.Contains(script.Revision))];
        if (path.Count == 0)
        {
            throw RunbookException.Usage(
                $"expected migrations {Between(from, to, before)}, found no migration between: nothing was judged",
                "name the range, or the folder, that holds the ones to judge; the heads here: " + string.Join(", ", graph.Heads.Take(3)));
        }

        var inPath = path.Select(script => script.Revision).ToHashSet(StringComparer.Ordinal);
        // Everything that the path follows was there before it. Other branches may not have been: they are left out.
        var followed = graph.AncestorsAndSelf(inPath);
        MigrationScript[] history = [.. graph.OldestFirst.Where(script => followed.Contains(script.Revision) && !inPath.Contains(script.Revision))];
        return VerdictOfPath.Assess(path, history, allowed ?? []);
    }

    private static string Between(string? from, string? to, IReadOnlySet<string>? before) =>
        (from is null ? before is null ? "up to " : "besides those that were there, up to " : $"after {from} up to ") + (to ?? "the heads");

    private static bool IsRevision(RevisionGraph graph, string name) =>
        name.Length > 0 && (graph.Contains(name)
            || graph.OldestFirst.Any(script => script.Revision.StartsWith(name, StringComparison.Ordinal) || script.BranchLabels.Contains(name)));

    private static async Task<IReadOnlyList<SourceFile>> AtReferenceAsync(IReadOnlyList<string> folders, string reference, CancellationToken cancellation)
    {
        var files = new List<SourceFile>();
        var found = folders.Select(VersionFolders.Find).ToList();
        foreach (var (folder, recursive) in found.SelectMany(one => one.Folders.Select(folder => (Path.GetFullPath(folder), one.Recursive))).Distinct())
        {
            try
            {
                files.AddRange(await MigrationArchive.ReadGitAsync(folder, reference, ["."], cancellation, recursive));
            }
            catch (RunbookException fault)
            {
                throw RunbookException.Usage(
                    $"expected {reference} to be a revision in {folder} or a commit, tag or branch of its repository, found neither",
                    $"git says: {fault.Message}");
            }
        }

        return files;
    }
}
