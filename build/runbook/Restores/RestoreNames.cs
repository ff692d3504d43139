using System.Text;

namespace Runback.Runbook.Restores;

/// <summary>
/// How the databases of a restore are called: a word and the run's id behind the application's database's name. PostgreSQL cuts longer names
/// at 63 bytes without an error that would stop anything (manual, 4.1.1), so the database's part is cut here and the run's id stays whole.
/// </summary>
public static class RestoreNames
{
    /// <summary>The longest name in bytes (<c>NAMEDATALEN</c> - 1).</summary>
    public const int MaximumBytes = 63;

    /// <summary>The new database, until it takes the application's place.</summary>
    public static string Scratch(string database, string run) => Name(database, "_restore_", run);

    /// <summary>The database that was replaced.</summary>
    public static string Before(string database, string run) => Name(database, "_before_", run);

    /// <summary>The restored database after the way back.</summary>
    public static string Returned(string database, string run) => Name(database, "_restored_", run);

    private static string Name(string database, string word, string run)
    {
        var suffix = word + run;
        var room = MaximumBytes - Encoding.UTF8.GetByteCount(suffix);
        if (room < 1)
            throw new ArgumentException($"expected a run id that leaves room in a database's name, found {run}", nameof(run));
        var kept = new StringBuilder();
        foreach (var rune in database.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
                break;
            kept.Append(rune.ToString());
        }
        return kept + suffix;
    }
}
