using Runback.Runbook.Runs;

namespace Runback.Runbook.Migrations.History;

/// <summary>Keeps count of the files that are read together: what would fill the memory is refused before it is read.</summary>
/// <param name="origin">Put before each path, for messages.</param>
internal sealed class SourceSizes(string origin = "")
{
    /// <summary>The most bytes of one file: no migration that people write comes near.</summary>
    internal const int MostBytes = 4 * 1024 * 1024;

    private const int MostInAll = 8 * MostBytes;

    private long _inAll;

    /// <summary>Counts a file.</summary>
    /// <exception cref="RunbookException">It is too large, or all are.</exception>
    internal void Add(string path, long bytes)
    {
        if (bytes > MostBytes)
        {
            throw RunbookException.Refused(
                $"expected a migration in {origin}{path}, found {bytes} bytes: more than {MostBytes} aren't read", "move it out of the version folder");
        }

        if ((_inAll += bytes) > MostInAll)
        {
            throw RunbookException.Refused(
                $"expected migrations, found more than {MostInAll} bytes of Python up to {origin}{path}",
                "name the folder that holds the revision files (alembic's `versions`), not one above it");
        }
    }
}
