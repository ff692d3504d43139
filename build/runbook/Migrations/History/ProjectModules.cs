using System.Collections.Concurrent;
using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.History;

/// <summary>
/// The project's own Python modules, which migrations may import: from folders of this machine, or from the files that came along in an archive. Asked by
/// many readers at once. What is too large, too much or no Python is not there: its functions are then not known.
/// </summary>
internal sealed class ProjectModules
{
    private const int MostBytes = 512 * 1024;
    private const int MostInAll = 8 * 1024 * 1024;
    private const int MostModules = 400;

    private readonly IReadOnlyList<string> path;
    private readonly IReadOnlyList<string> roots;
    private readonly Dictionary<string, string>? archive;
    private readonly ConcurrentDictionary<string, string?> places = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Module?>> parsed = new(StringComparer.Ordinal);
    private string origin = "";
    private long bytes;
    private int modules;

    private ProjectModules(IReadOnlyList<string> path, IReadOnlyList<string> roots, Dictionary<string, string>? archive) =>
        (this.path, this.roots, this.archive) = (path, roots, archive);

    /// <summary>Modules of folders.</summary>
    /// <param name="path">Those that Python looks into, in its order.</param>
    /// <param name="roots">Further ones that it may look into: what is in two of them is in none, since nobody knows which one it takes.</param>
    internal static ProjectModules In(IEnumerable<string> path, IEnumerable<string> roots) =>
        new([.. path.Distinct(StringComparer.Ordinal)], [.. roots.Distinct(StringComparer.Ordinal)], null);

    /// <summary>Modules of files that were read already, by their paths after <paramref name="origin"/>.</summary>
    internal static ProjectModules Of(IEnumerable<SourceFile> files, string origin)
    {
        var archive = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
            archive.TryAdd(file.Path[origin.Length..], file.Text);
        // Every folder is one that Python may look into: which one it does is up to the image.
        var folders = archive.Keys.SelectMany(Above).Distinct(StringComparer.Ordinal).OrderBy(folder => folder.Length).ThenBy(folder => folder, StringComparer.Ordinal);
        return new([], [.. folders], archive) { origin = origin };
    }

    /// <summary>The file of a module; null when the project has none.</summary>
    /// <param name="importing">The file that imports it.</param>
    /// <param name="level">How many dots the import begins with.</param>
    /// <param name="module">Its name with dots; empty for the package that the dots mean.</param>
    internal string? Find(string importing, int level, string module)
    {
        var parts = module.Length == 0 ? [] : module.Split('.');
        if (level > 0)
        {
            var folder = importing.StartsWith(origin, StringComparison.Ordinal) ? importing[origin.Length..] : importing;
            for (var i = 0; i < level && folder is not null; i++)
                folder = Folder(folder);
            return folder is null ? null : In(folder, parts);
        }

        if (parts.Length == 0)
            return null;
        return places.GetOrAdd(module, _ =>
        {
            foreach (var root in path)
            {
                if (In(root, parts) is { } found)
                    return found;
            }

            string[] places = [.. roots.Select(root => In(root, parts)).OfType<string>().Distinct()];
            if (places.Length > 0)
                return places is [var only] ? only : null;

            // An archive begins somewhere inside the project: the packages above it are not in it.
            for (var skipped = 1; archive is not null && skipped < parts.Length; skipped++)
            {
                foreach (var root in roots.Where(root => root.EndsWith('/' + parts[skipped - 1], StringComparison.Ordinal) || root == parts[skipped - 1]))
                {
                    if (In(root, parts[skipped..]) is { } found)
                        return found;
                }
            }

            return null;
        });
    }

    /// <summary>A module's statements; null when they can't be read.</summary>
    internal Module? Parse(string file) => parsed.GetOrAdd(file, _ => new Lazy<Module?>(() =>
    {
        try
        {
            return Interlocked.Increment(ref modules) <= MostModules && Text(file) is { } text ? Parser.ParseModule(text) : null;
        }
        catch (Exception fault) when (fault is PythonSyntaxException or TooMuchException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    })).Value;

    private string? Text(string file)
    {
        if (archive is not null)
            return archive.GetValueOrDefault(file) is { } text && text.Length <= MostBytes ? text : null;
        var length = new FileInfo(file).Length;
        return length > MostBytes || Interlocked.Add(ref bytes, length) > MostInAll ? null : File.ReadAllText(file);
    }

    private string? In(string folder, string[] parts)
    {
        if (parts.Length > 20 || Array.Exists(parts, part => part.Length is 0 or > 200 || part.AsSpan().IndexOfAny('/', '\\', '\0') >= 0))
            return null;
        var path = parts.Length == 0 ? folder : Joined(folder, string.Join('/', parts));
        string[] places = parts.Length == 0 ? [Joined(path, "__init__.py")] : [path + ".py", Joined(path, "__init__.py")];
        return Array.Find(places, place => archive?.ContainsKey(place) ?? File.Exists(place));
    }

    private static string Joined(string folder, string name) => folder.Length == 0 || folder.EndsWith('/') ? folder + name : $"{folder}/{name}";

    private static string? Folder(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash >= 0 ? path[..slash] : path.Length > 0 ? "" : null;
    }

    private static IEnumerable<string> Above(string path)
    {
        for (var folder = Folder(path); folder is not null; folder = Folder(folder))
            yield return folder;
    }
}
