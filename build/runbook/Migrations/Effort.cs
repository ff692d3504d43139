using System.Runtime.CompilerServices;

namespace Runback.Runbook.Migrations;

/// <summary>
/// What reading one migration may cost. The files come from images and branches of anybody: a few lines can make lists that hold themselves, texts of
/// gigabytes and loops without end, and in .NET neither an overflowing stack nor the end of memory can be caught. So everything that a file can make large
/// is paid for here before it is made, and whatever a file nests is counted.
/// </summary>
/// <remarks>A reading stays on its thread, and so does its account. Without one (a value that is looked at by itself) only the depth is limited.</remarks>
internal static class Effort
{
    /// <summary>The units that following one function may cost: a value looked at, or some sixteen bytes made.</summary>
    internal const long Most = 2_000_000;

    /// <summary>What a function gets even where the other files of its folder have used up everything: more than a migration as it is written mostly needs.</summary>
    internal const long Least = 50_000;

    private const int MostDepth = 100;

    [ThreadStatic]
    private static Account? account;

    [ThreadStatic]
    private static int depth;

    /// <summary>Opens an account for what is read until it is disposed of.</summary>
    /// <param name="pool">What a whole folder may cost; null for a file alone.</param>
    /// <param name="most">The most that it may have.</param>
    internal static Account Begin(EffortPool? pool = null, long most = Most) => account = new Account(account, pool, most);

    /// <summary>Pays for something before it is done.</summary>
    /// <exception cref="TooMuchException">There is not enough left.</exception>
    internal static void Spend(long units = 1)
    {
        if (account is { } open && (open.Left -= units) < 0)
            throw new TooMuchException("it takes too long or makes too much to be followed without running it");
    }

    /// <summary>Goes one level deeper into something that holds something: until the result is disposed of.</summary>
    /// <exception cref="TooMuchException">It is nested too deeply, perhaps in itself.</exception>
    internal static Level Deeper()
    {
        Spend();
        if (depth >= MostDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TooMuchException("a value is nested too deeply, or holds itself");
        return new Level(depth++);
    }

    /// <summary>A level of nesting.</summary>
    /// <param name="above">The depth that it was entered from.</param>
    internal readonly ref struct Level(int above)
    {
        private readonly int before = above;

        /// <summary>Comes back from it.</summary>
        public void Dispose() => depth = before;
    }

    /// <summary>What is left for one reading.</summary>
    internal sealed class Account : IDisposable
    {
        private readonly Account? before;
        private readonly EffortPool? pool;
        private readonly long given;

        internal Account(Account? before, EffortPool? pool, long most)
        {
            this.before = before;
            this.pool = pool;
            given = Left = Math.Min(most, pool is null ? Most : Math.Clamp(pool.Left, Least, Most));
        }

        internal long Left { get; set; }

        /// <summary>Closes it: what was spent is taken from the pool.</summary>
        public void Dispose()
        {
            pool?.Take(given - Left);
            account = before;
        }
    }
}
