using System.Globalization;

namespace Runback.Lab;

/// <summary>A release of the sample application: its parent's files with those of <c>releases/&lt;tag&gt;</c> over them.</summary>
/// <param name="Tag">The image's tag; it begins with the day on which the release is said to have been built.</param>
/// <param name="Parent">The tag of the release that it was cut from, or null for the first.</param>
/// <param name="Heads">The heads of its migrations, sorted.</param>
/// <param name="Behaviour">What it is made to show.</param>
public sealed record Release(string Tag, string? Parent, IReadOnlyList<string> Heads, string Behaviour)
{
    private const string Good = "2025-12-15-rc1";

    /// <summary>
    /// All releases, oldest first. Each one after the second was cut from the second, as a candidate that is rolled back is reverted before
    /// the next one: their migrations are branches from its head, and a database that one of them upgraded is unknown to the others. Only the
    /// last goes on from another candidate, so that the way back to the second is several migrations long.
    /// </summary>
    public static IReadOnlyList<Release> All { get; } =
    [
        new("2025-12-01-rc1", null, ["c05a7de4186f"], "good"),
        new(Good, "2025-12-01-rc1", ["a7d24c6e1b93"], "good; additive migrations"),
        new("2025-12-20-rc1", Good, ["d18e47b06c52"], "additive migrations; GET /bookings/{id} answers 500 for visits under an hour (every id that 5 divides)"),
        new("2025-12-22-rc1", Good, ["7fa3d9c5e810"], "breaking migration: a column renamed, another dropped; its downgrade works and loses the notes"),
        new("2025-12-23-rc1", Good, ["e6b40d8a2f17"], "rewrites invoice numbers; its downgrade raises"),
        new("2025-12-24-rc1", Good, ["a7d24c6e1b93"], "never gets ready: looks for a heartbeat that nobody signs; no migrations"),
        new("2025-12-25-rc1", Good, ["a7d24c6e1b93"], "ready, then the api crashes after 20 s, again and again; no migrations"),
        new("2026-01-05-rc1", Good, ["62a3aae8ec3d"], "two branches of additive migrations, merged"),
        new("2026-01-06-rc1", Good, ["ab04c2bafff7", "f9d4df2db07e"], "the same two branches, not merged: the database has two heads"),
        new("2026-01-07-rc1", Good, ["771c32185492"], "its migration fails halfway, outside a transaction, as long as customers share a name: a column, an index and an invalid index stay"),
        new("2026-01-08-rc1", Good, ["7b52f41673e5"], "its migration looks at the database, and copies notes into a new column; its downgrade moves them back"),
        new("2026-01-09-rc1", "2025-12-20-rc1", ["46aac368e777"], "mends 2025-12-20-rc1; drops a table of its and makes a column NOT NULL: four migrations after 2025-12-15-rc1"),
    ];

    /// <summary>The first release: the schema that is seeded.</summary>
    public static Release First => All[0];

    /// <summary>When it is said to have been built, UTC.</summary>
    public DateTimeOffset Created => new(DateOnly.ParseExact(Tag.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture), new TimeOnly(9, 0), TimeSpan.Zero);

    /// <summary>The folders whose files make this release, in the order in which they are laid over each other.</summary>
    /// <param name="sources">The folder with the lab's sources.</param>
    public IEnumerable<string> Layers(string sources)
    {
        if (Parent is null)
            return [Path.Combine(sources, "app")];
        var parent = All.Single(release => release.Tag == Parent);
        return parent.Layers(sources).Append(Path.Combine(sources, "releases", Tag));
    }

    /// <summary>The release's files by their path in the image, each from the topmost layer that has it.</summary>
    /// <param name="sources">The folder with the lab's sources.</param>
    public IReadOnlyDictionary<string, string> Files(string sources)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var layer in Layers(sources))
        {
            foreach (var file in Directory.EnumerateFiles(layer, "*", SearchOption.AllDirectories))
            {
                var path = Path.GetRelativePath(layer, file).Replace('\\', '/');
                if (!path.Contains("__pycache__", StringComparison.Ordinal))
                    files[path] = file;
            }
        }
        return files;
    }
}
