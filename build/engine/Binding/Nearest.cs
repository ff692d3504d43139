namespace Runback.Engine.Binding;

/// <summary>Finds the valid name that a mistyped one most likely meant.</summary>
internal static class Nearest
{
    /// <summary>The closest candidate; null when none is close.</summary>
    public static string? To(string typed, IEnumerable<string> candidates)
    {
        var plain = Naming.Plain(typed);
        string? best = null;
        var least = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var distance = Distance(plain, Naming.Plain(candidate));
            if (distance < least)
                (best, least) = (candidate, distance);
        }

        return least <= Math.Max(2, plain.Length / 3) && least < plain.Length
            ? best
            : candidates.FirstOrDefault(x => plain.Length >= 2 && Naming.Plain(x).StartsWith(plain, StringComparison.Ordinal));
    }

    /// <summary>"did you mean X? " where something is close, else nothing.</summary>
    public static string Guess(string typed, IEnumerable<string> candidates) =>
        To(typed, candidates) is { } nearest ? $"did you mean {nearest}? " : "";

    /// <summary>Edits from one to the other: insert, delete, replace, swap of neighbours (optimal string alignment).</summary>
    internal static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            cost[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            cost[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[a.Length, b.Length];
    }
}
