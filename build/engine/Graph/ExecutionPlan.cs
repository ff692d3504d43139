namespace Runback.Engine.Graph;

/// <summary>The targets of one run in order, and for each the ones it waits for.</summary>
internal sealed class ExecutionPlan
{
    private readonly Dictionary<ExecutableTarget, HashSet<ExecutableTarget>> waitsFor;

    private ExecutionPlan(IReadOnlyList<ExecutableTarget> targets, Dictionary<ExecutableTarget, HashSet<ExecutableTarget>> waitsFor)
    {
        Targets = targets;
        this.waitsFor = waitsFor;
    }

    public IReadOnlyList<ExecutableTarget> Targets { get; }

    /// <summary>Plans the invoked targets with all they need and trigger.</summary>
    /// <param name="invoked">In the order they were asked for; a later one starts when the earlier one has ended, unless the graph wants it otherwise.</param>
    public static ExecutionPlan Of(IReadOnlyList<ExecutableTarget> invoked)
    {
        var groups = new Dictionary<ExecutableTarget, int>();
        for (var i = 0; i < invoked.Count; i++)
            Include(invoked[i], i, groups);

        var edges = groups.Keys.ToDictionary(x => x, x => x.AllDependencies.Where(groups.ContainsKey).ToHashSet());
        var members = groups.Keys.OrderBy(x => groups[x]).ThenBy(x => x.Index).ToList();
        foreach (var later in members)
        {
            foreach (var earlier in members.TakeWhile(x => groups[x] < groups[later]))
            {
                if (!Reaches(earlier, later, edges))
                    edges[later].Add(earlier);
            }
        }

        return new ExecutionPlan(Sort(members, edges), edges);
    }

    /// <summary>What must have ended before this one starts.</summary>
    public IReadOnlyCollection<ExecutableTarget> WaitsFor(ExecutableTarget target) => waitsFor[target];

    /// <summary>Whether one has ended before the other starts.</summary>
    public bool IsBefore(ExecutableTarget earlier, ExecutableTarget later) => earlier != later && Reaches(later, earlier, waitsFor);

    private static void Include(ExecutableTarget target, int group, Dictionary<ExecutableTarget, int> groups)
    {
        if (!groups.TryAdd(target, group))
            return;
        foreach (var dependency in target.ExecutionDependencies)
            Include(dependency, group, groups);
        foreach (var triggered in target.Triggers)
            Include(triggered, group, groups);
    }

    private static bool Reaches(ExecutableTarget from, ExecutableTarget to, Dictionary<ExecutableTarget, HashSet<ExecutableTarget>> edges)
    {
        var seen = new HashSet<ExecutableTarget>();
        var open = new Stack<ExecutableTarget>([from]);
        while (open.TryPop(out var target))
        {
            if (target == to)
                return true;
            if (seen.Add(target))
            {
                foreach (var next in edges[target])
                    open.Push(next);
            }
        }

        return false;
    }

    private static List<ExecutableTarget> Sort(List<ExecutableTarget> members, Dictionary<ExecutableTarget, HashSet<ExecutableTarget>> edges)
    {
        var sorted = new List<ExecutableTarget>();
        var open = new List<ExecutableTarget>(members);
        while (open.Count > 0)
        {
            var next = open.First(x => edges[x].All(sorted.Contains));
            open.Remove(next);
            sorted.Add(next);
        }

        return sorted;
    }
}
