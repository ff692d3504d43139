namespace Runback.Runbook.Migrations.History;

/// <summary>Finds a circle among revisions that wait for each other.</summary>
internal static class RevisionCircle
{
    /// <summary>A circle as a path that ends where it began. Every waiting revision has a waiting parent, so going on from any of them meets one twice.</summary>
    internal static List<string> Find(string start, Dictionary<string, string[]> parents, Dictionary<string, int> open)
    {
        var path = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var revision = start;
        while (seen.Add(revision))
        {
            path.Add(revision);
            revision = parents[revision].First(parent => open[parent] > 0);
        }

        var circle = path[path.IndexOf(revision)..];
        circle.Add(revision);
        return circle;
    }
}
