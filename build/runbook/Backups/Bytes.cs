using System.Globalization;

namespace Runback.Runbook.Backups;

/// <summary>Numbers as people read them.</summary>
public static class Bytes
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>A size in decimal units, as disks and networks count: <c>1.2 GB</c>.</summary>
    public static string Readable(double bytes)
    {
        var unit = 0;
        while (bytes >= 999.5 && unit < Units.Length - 1)
        {
            bytes /= 1000;
            unit++;
        }
        return bytes.ToString(unit == 0 || bytes >= 99.5 ? "0" : "0.#", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    /// <summary>A number with its thousands set apart: <c>1,203</c>.</summary>
    public static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
