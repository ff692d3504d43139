using System.Globalization;
using System.Text.RegularExpressions;

namespace Runback.Runbook.Backups;

/// <summary>How a dump's file is called, as the runbook's own scripts do: <c>pg_&lt;database&gt;_&lt;yyyyMMddTHHmmssZ&gt;.dump</c>.</summary>
/// <param name="Database">The database.</param>
/// <param name="At">When it was begun (UTC, whole seconds).</param>
public sealed partial record BackupName(string Database, DateTimeOffset At)
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>What a dump's checksum file adds to its name.</summary>
    public const string ChecksumSuffix = ".sha256";

    /// <summary>What the file of a dump's facts adds to its name.</summary>
    public const string FactsSuffix = ".json";

    /// <summary>What an unfinished dump adds to its name.</summary>
    public const string PartSuffix = ".part";

    /// <summary>The file's name. A database name's characters that a file name can't hold, or that would hide it, become <c>_</c>.</summary>
    public string File => $"pg_{Safe(Database)}_{At.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}.dump";

    /// <summary>Reads a file's name; null when it is no dump's.</summary>
    public static BackupName? Parse(string file)
    {
        var match = Pattern().Match(file);
        return match.Success && DateTimeOffset.TryParseExact(
            match.Groups["at"].Value, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? new BackupName(match.Groups["database"].Value, at)
            : null;
    }

    /// <summary>Whether the name is one that a dump of this database has.</summary>
    public bool IsOf(string database) => Database == Safe(database);

    internal static string Safe(string database) =>
        string.Concat(database.Select(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or '$' ? c : '_'));

    [GeneratedRegex(@"^pg_(?<database>.+)_(?<at>\d{8}T\d{6}Z)\.dump\z")]
    private static partial Regex Pattern();
}
