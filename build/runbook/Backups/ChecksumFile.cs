using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>The file beside a dump that holds its SHA-256, as <c>sha256sum</c> writes and checks it.</summary>
public static class ChecksumFile
{
    /// <summary>Where a dump's checksum is kept.</summary>
    public static string PathOf(string dump) => dump + BackupName.ChecksumSuffix;

    /// <summary>One line with the bare file name, so that <c>sha256sum -c</c> works from the dump's folder wherever that is.</summary>
    public static string Line(string sha256, string file) => $"{sha256}  {file}\n";

    /// <summary>Reads the file beside a dump.</summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="RunbookException">There is none, it can't be read, or isn't of this dump (outcome Refused).</exception>
    public static string Read(string dump)
    {
        const int Longest = 64 << 10;
        try
        {
            return Parse(BoundedFile.Read(PathOf(dump), Longest), System.IO.Path.GetFileName(dump));
        }
        catch (FileNotFoundException missing)
        {
            throw RunbookException.Refused(
                $"expected the dump's checksum in {PathOf(dump)}, found {(System.IO.Path.Exists(PathOf(dump)) ? missing.Message : "none")}",
                "without it nobody can tell whether the dump is what was written: take a new backup (./build.sh Backup), or name another dump");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RunbookException.Refused($"expected the dump's checksum in {PathOf(dump)}, found: {exception.Message}", "run as the dump's owner, take a new backup (./build.sh Backup), or name another dump");
        }
    }

    /// <summary>
    /// Reads the checksum of a dump: <c>hash  name</c>, <c>hash *name</c>, the form with a path that a script run elsewhere writes, and
    /// the BSD form <c>SHA256 (name) = hash</c>.
    /// </summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="RunbookException">The text is none of these, or of another file.</exception>
    public static string Parse(string text, string file)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (hash, name) = Split(line);
            if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit))
                continue;
            if (System.IO.Path.GetFileName(name) == file)
                return hash.ToLowerInvariant();
            throw RunbookException.Refused(
                $"expected the checksum of {file} in its {BackupName.ChecksumSuffix} file, found that of {Narration.Printable(name)}",
                "the two files don't belong together: look for the right checksum file");
        }
        throw RunbookException.Refused(
            $"expected a line `<64 hexadecimal digits>  {file}` in its {BackupName.ChecksumSuffix} file, found none",
            "the checksum file is damaged: take a new backup");
    }

    private static (string Hash, string Name) Split(string line)
    {
        const string bsd = "SHA256 (";
        if (line.StartsWith(bsd, StringComparison.Ordinal) && line.LastIndexOf(") = ", StringComparison.Ordinal) is > 0 and var end)
            return (line[(end + 4)..], line[bsd.Length..end]);
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (line, "") : (line[..space], line[(space + 1)..].TrimStart(' ', '*'));
    }
}
