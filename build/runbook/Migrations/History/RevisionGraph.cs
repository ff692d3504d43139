using Runback.Runbook.Migrations.Alembic;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Python;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Migrations.History;

/// <summary>
/// The revisions of a set of migration files and how they follow each other (Alembic documentation, "Working with Branches"):
/// several bases and heads, merges, and <c>depends_on</c>, which counts as ancestry without making a branch.
/// </summary>
public sealed class RevisionGraph
{
    // The longest histories that are known have some thousands.
    private const int MostFiles = 10_000;
    private const int MostShown = 20;

    private readonly Dictionary<string, MigrationScript> byRevision;
    private readonly Dictionary<string, string[]> parents;

    private RevisionGraph(Dictionary<string, MigrationScript> byRevision, Dictionary<string, string[]> parents, IReadOnlyList<MigrationScript> order)
    {
        this.byRevision = byRevision;
        this.parents = parents;
        OldestFirst = order;
        var followed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var script in order)
            followed.UnionWith(script.DownRevisions);
        Heads = [.. order.Where(script => !followed.Contains(script.Revision)).Select(script => script.Revision)];
        Bases = [.. order.Where(script => script.DownRevisions.Count == 0).Select(script => script.Revision)];
    }

    /// <summary>Every migration, each after all that it follows or depends on; otherwise in the order of the files' paths.</summary>
    public IReadOnlyList<MigrationScript> OldestFirst { get; }

    /// <summary>Every migration, each before all that it follows or depends on.</summary>
    public IEnumerable<MigrationScript> NewestFirst => OldestFirst.Reverse();

    /// <summary>The revisions that no other one follows.</summary>
    public IReadOnlyList<string> Heads { get; }

    /// <summary>The revisions that follow none.</summary>
    public IReadOnlyList<string> Bases { get; }

    /// <summary>Reads files and links them. Files that are no migrations are left out.</summary>
    /// <exception cref="RunbookException">
    /// There is no migration, a file isn't Python, two files have one revision, a revision that is followed is missing, or they go in a circle.
    /// </exception>
    public static RevisionGraph Read(IReadOnlyList<SourceFile> files)
    {
        if (files.Count > MostFiles)
        {
            throw RunbookException.Refused(
                $"expected migrations, found {files.Count} Python files: more than {MostFiles} aren't read",
                "name the folder that holds the revision files (alembic's `versions`), not one above it");
        }

        var pool = new EffortPool();
        var scripts = new MigrationScript?[files.Count];
        var faults = new RunbookException?[files.Count];
        Workers.Run(files.Count, i =>
        {
            try
            {
                scripts[i] = MigrationReader.Read(files[i].Path, files[i].Text, pool, files[i].Modules);
            }
            catch (PythonSyntaxException fault)
            {
                faults[i] = RunbookException.Refused(
                    $"expected Python in {files[i].Path}:{fault.Line}, found: {fault.Message}",
                    "mend the file, or move it out of the version folder if it is no migration");
            }
            catch (MigrationFormatException fault)
            {
                faults[i] = RunbookException.Refused(
                    $"{files[i].Path}{(fault.Line > 0 ? $":{fault.Line}" : "")}: {fault.Message}",
                    "write the identifiers as `alembic revision` does: plain strings at the top of the file");
            }
        });
        if (Array.Find(faults, fault => fault is not null) is { } first)
            throw first;
        return Link([.. scripts.OfType<MigrationScript>().OrderBy(script => script.File, StringComparer.Ordinal)], files.Count);
    }

    /// <summary>Links migrations that were read already.</summary>
    /// <exception cref="RunbookException">They don't make a history.</exception>
    public static RevisionGraph Link(IReadOnlyList<MigrationScript> scripts) => Link(scripts, scripts.Count);

    private static RevisionGraph Link(IReadOnlyList<MigrationScript> scripts, int files)
    {
        if (scripts.Count == 0)
        {
            throw RunbookException.Usage(
                files == 0 ? "expected migrations, found no Python file" : $"expected migrations, found {files} Python files without a revision",
                "name the folder that holds the revision files (alembic's `versions`)");
        }

        var byRevision = new Dictionary<string, MigrationScript>(StringComparer.Ordinal);
        foreach (var script in scripts)
        {
            if (!byRevision.TryAdd(script.Revision, script))
            {
                throw RunbookException.Refused(
                    $"expected one file for revision {script.Revision}, found two: {byRevision[script.Revision].File} and {script.File}",
                    "give one of them a new revision id, or remove the copy");
            }
        }

        var parents = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var script in scripts)
            parents[script.Revision] = [.. Parents(script, byRevision)];
        return new RevisionGraph(byRevision, parents, Order(scripts, byRevision, parents));
    }

    /// <summary>The migration of a revision, or null.</summary>
    public MigrationScript? Find(string revision) => byRevision.GetValueOrDefault(revision);

    /// <summary>Whether a revision is here.</summary>
    public bool Contains(string revision) => byRevision.ContainsKey(revision);

    /// <summary>The revision that an id or the unique beginning of one names (as Alembic's own command line takes them), or a branch label.</summary>
    /// <exception cref="RunbookException">None or several begin so.</exception>
    public string Resolve(string name)
    {
        if (byRevision.ContainsKey(name))
            return name;
        var found = OldestFirst.Where(script => script.Revision.StartsWith(name, StringComparison.Ordinal)).Select(script => script.Revision).ToList();
        if (found.Count == 0)
            found = [.. OldestFirst.Where(script => script.BranchLabels.Contains(name)).Select(script => script.Revision)];
        return found switch
        {
            [var only] when name.Length > 0 => only,
            [] => throw RunbookException.Usage($"expected a revision, found none that is or begins with {name}", Nearest(name)),
            _ => throw RunbookException.Usage($"expected one revision, found {found.Count} that begin with {name}: {string.Join(", ", found.Take(5))}", "write more of its id"),
        };
    }

    /// <summary>These revisions and everything that they follow or depend on.</summary>
    public HashSet<string> AncestorsAndSelf(IEnumerable<string> revisions)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var left = new Stack<string>(revisions.Where(byRevision.ContainsKey));
        while (left.TryPop(out var revision))
        {
            if (!seen.Add(revision))
                continue;
            foreach (var parent in parents[revision])
                left.Push(parent);
        }

        return seen;
    }

    /// <summary>The revisions that a revision follows or depends on.</summary>
    /// <param name="revision">One that is here.</param>
    public IReadOnlyList<string> ParentsOf(string revision) => parents[revision];

    /// <summary>The rows that Alembic's version table has when these revisions are applied: those that no other one of them follows or depends on, sorted.</summary>
    public IReadOnlyList<string> RowsOf(IReadOnlySet<string> applied)
    {
        var followed = applied.Where(byRevision.ContainsKey).SelectMany(revision => parents[revision]).ToHashSet(StringComparer.Ordinal);
        return [.. applied.Where(revision => !followed.Contains(revision)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The migrations after <paramref name="from"/> (exclusive; null for the beginning) up to <paramref name="to"/> (inclusive; null for every head), oldest first.</summary>
    /// <exception cref="RunbookException">A revision isn't known, or <paramref name="to"/> doesn't come after <paramref name="from"/>.</exception>
    public IReadOnlyList<MigrationScript> Range(string? from, string? to)
    {
        var end = to is null ? null : Resolve(to);
        var taken = AncestorsAndSelf(end is null ? Heads : [end]);
        if (from is null)
            return [.. OldestFirst.Where(script => taken.Contains(script.Revision))];
        var start = Resolve(from);
        if (!taken.Contains(start))
        {
            throw RunbookException.Usage(
                $"expected {end ?? "a head"} to come after {start}, found that {start} is not among what it follows",
                $"`--from` is the older one; {start} may be on another branch");
        }

        var before = AncestorsAndSelf([start]);
        return [.. OldestFirst.Where(script => taken.Contains(script.Revision) && !before.Contains(script.Revision))];
    }

    private string Nearest(string name)
    {
        var heads = string.Join(", ", Heads.Take(3));
        return name is "head" or "heads" or "base" || name.StartsWith('-') || name.StartsWith('+')
            ? $"relative names are not taken: write the revision's id (the heads here: {heads})"
            : $"is it in this version folder? The heads here: {heads}";
    }

    private static IEnumerable<string> Parents(MigrationScript script, Dictionary<string, MigrationScript> byRevision)
    {
        foreach (var parent in script.DownRevisions)
        {
            yield return byRevision.ContainsKey(parent) ? parent : throw RunbookException.Refused(
                $"expected revision {parent}, which {script.File} follows (down_revision), found no file that has it",
                "the file may be missing from this folder, or in another version folder: name all of them");
        }

        foreach (var name in script.DependsOn)
            yield return Dependency(script, name, byRevision);
    }

    /// <summary>What <c>depends_on</c> names: a revision, the unique beginning of one, or a branch label.</summary>
    private static string Dependency(MigrationScript script, string name, Dictionary<string, MigrationScript> byRevision)
    {
        if (byRevision.ContainsKey(name))
            return name;
        var label = name.Split('@')[0];
        var found = byRevision.Values.Where(other => other.BranchLabels.Contains(label)).ToList();
        if (found.Count == 0)
            found = [.. byRevision.Values.Where(other => other.Revision.StartsWith(name, StringComparison.Ordinal))];
        return found is [var only] ? only.Revision : throw RunbookException.Refused(
            $"expected revision {name}, which {script.File} depends on (depends_on), found {(found.Count == 0 ? "no file that has it" : $"{found.Count} that it may mean")}",
            "the file may be missing from this folder, or in another version folder: name all of them");
    }

    private static List<MigrationScript> Order(
        IReadOnlyList<MigrationScript> scripts, Dictionary<string, MigrationScript> byRevision, Dictionary<string, string[]> parents)
    {
        var place = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < scripts.Count; i++)
            place[scripts[i].Revision] = i;
        var children = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var open = new Dictionary<string, int>(StringComparer.Ordinal);
        var ready = new PriorityQueue<int, int>();
        foreach (var script in scripts)
        {
            var before = parents[script.Revision];
            open[script.Revision] = before.Length;
            foreach (var parent in before)
                (children.TryGetValue(parent, out var list) ? list : children[parent] = []).Add(script.Revision);
            if (before.Length == 0)
                ready.Enqueue(place[script.Revision], place[script.Revision]);
        }

        var order = new List<MigrationScript>(scripts.Count);
        while (ready.TryDequeue(out var first, out _))
        {
            var revision = scripts[first].Revision;
            order.Add(byRevision[revision]);
            foreach (var child in children.GetValueOrDefault(revision, []))
            {
                if (--open[child] == 0)
                    ready.Enqueue(place[child], place[child]);
            }
        }

        if (order.Count == scripts.Count)
            return order;
        var circle = RevisionCircle.Find(scripts.First(script => open[script.Revision] > 0).Revision, parents, open);
        throw RunbookException.Refused(
            $"expected a history without circles, found {string.Join(" -> ", circle.Count > MostShown ? [.. circle.Take(MostShown - 2), "…", circle[^1]] : circle)}",
            $"one of them follows the wrong revision: look at down_revision and depends_on in {byRevision[circle[0]].File}");
    }
}
