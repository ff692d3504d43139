using System.Globalization;
using System.Text.RegularExpressions;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Deployments;

/// <summary>The file system that a folder of a container is in.</summary>
/// <param name="Mount">Where it is mounted.</param>
/// <param name="Free">Its free bytes.</param>
internal sealed partial record ContainerVolume(string Mount, long Free)
{
    /// <summary>Asks the container's <c>df</c>; null where it has none, or that gives no answer.</summary>
    public static async Task<ContainerVolume?> OfAsync(Shell shell, string container, string folder, CancellationToken cancellation)
    {
        var result = await shell.TryAsync(EngineWay.Exec(EngineApi.Shared, container, [], [], ["df", "-P", "-k", folder]), cancellation);
        return result.Succeeded ? Read(result.Output) : null;
    }

    /// <summary>Reads the last line of <c>df -P -k</c> (POSIX, df): the file system's own name may hold blanks.</summary>
    internal static ContainerVolume? Read(string table) =>
        Row().Match(table.TrimEnd().Split('\n')[^1]) is { Success: true } row
            ? new ContainerVolume(row.Groups["mount"].Value, long.Parse(row.Groups["free"].Value, CultureInfo.InvariantCulture) * 1024)
            : null;

    [GeneratedRegex(@"\s[0-9]{1,18}\s+[0-9]{1,18}\s+(?<free>[0-9]{1,15})\s+[0-9]{1,3}%\s+(?<mount>/.*)\z")]
    private static partial Regex Row();
}
