using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>The PostgreSQL versions that the lab's database can be: those that Debian's suites bring.</summary>
public static class PostgresVersion
{
    /// <summary>The version of a lab that isn't asked for another.</summary>
    public const int Default = 17;

    private static readonly Dictionary<int, string> Suites = new() { [15] = "bookworm", [Default] = AptMirror.Suite, [18] = "sid" };

    /// <summary>The Debian suite that brings a major version.</summary>
    /// <exception cref="RunbookException">None does.</exception>
    public static string Suite(int major) => Suites.TryGetValue(major, out var suite)
        ? suite
        : throw RunbookException.Usage($"expected a PostgreSQL that Debian has, found {major}", $"they are {string.Join(", ", Suites.Keys.Order())}: --postgres-version 18");

    /// <summary>The major version of a database image of the lab's: <c>runback-lab/postgres:17-FINGERPRINT</c>.</summary>
    internal static int Of(string image) => int.Parse(image[(image.LastIndexOf(':') + 1)..].Split('-')[0]);
}
