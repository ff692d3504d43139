namespace Runback.Engine.Graph;

/// <summary>Finds a circle among all relations that say "before".</summary>
internal static class CircleFinder
{
    /// <summary>Names the first circle as the path a -> b -> a, each needing the next.</summary>
    /// <exception cref="UsageException">There is a circle.</exception>
    public static void ThrowIfCircular(IReadOnlyList<ExecutableTarget> targets)
    {
        var done = new HashSet<ExecutableTarget>();
        var path = new List<ExecutableTarget>();
        foreach (var target in targets)
            Visit(target);

        void Visit(ExecutableTarget target)
        {
            if (done.Contains(target))
                return;
            var start = path.IndexOf(target);
            if (start >= 0)
            {
                var circle = string.Join(" -> ", path.Skip(start).Append(target).Select(x => x.Name));
                throw new UsageException($"Circular dependency: {circle}.", "remove one DependsOn, Before, After or Triggers of this path");
            }

            path.Add(target);
            foreach (var dependency in target.AllDependencies)
                Visit(dependency);
            path.RemoveAt(path.Count - 1);
            done.Add(target);
        }
    }
}
