using Runback.Runbook.Databases;

namespace Runback.Runbook.Restores;

/// <summary>
/// The statements of a swap. All of them are transactional (tried on PostgreSQL 17), so together they happen or they don't: names, comments,
/// limits and the kept database's protection always fit each other, whenever the run is killed.
/// </summary>
public static class SwapStatements
{
    /// <summary>
    /// The application's database gets another name, and another database gets its name. The first two statements are the renames: they take the
    /// locks that hold new connections back until the end of the transaction.
    /// </summary>
    /// <param name="database">The application's database's name.</param>
    /// <param name="aside">The name that the present one is kept under.</param>
    /// <param name="mark">What is noted in the kept one, with what it had while it served.</param>
    /// <param name="incoming">The present name of the one that takes its place.</param>
    /// <param name="serving">What that one has while it serves.</param>
    /// <param name="wasAside">Whether the incoming one is one that a swap had set aside, protected against writing.</param>
    /// <param name="limit">Whether ordinary roles are kept out of the kept one; superusers can always look in.</param>
    public static IReadOnlyList<string> Swap(
        string database, string aside, DatabaseMark mark, string incoming, DatabaseMark.ServingState serving, bool wasAside, bool limit)
    {
        var (live, kept) = (SqlText.Identifier(database), SqlText.Identifier(aside));
        var statements = new List<string>
        {
            $"ALTER DATABASE {live} RENAME TO {kept}",
            $"ALTER DATABASE {SqlText.Identifier(incoming)} RENAME TO {live}",
        };
        if (limit)
            statements.Add($"ALTER DATABASE {kept} CONNECTION LIMIT 0");
        // Who looks into it by hand shouldn't write into it by mistake.
        if (mark.Was?.ReadOnly is null)
            statements.Add($"ALTER DATABASE {kept} SET default_transaction_read_only TO 'on'");
        statements.Add(DatabaseDefinition.Comment(aside, mark.ToString()));
        statements.Add($"ALTER DATABASE {live} CONNECTION LIMIT {serving.ConnectionLimit}");
        if (wasAside && serving.ReadOnly is null)
            statements.Add($"ALTER DATABASE {live} RESET default_transaction_read_only");
        statements.Add(DatabaseDefinition.Comment(database, serving.Comment));
        return statements;
    }
}
