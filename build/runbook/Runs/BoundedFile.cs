using System.Text;

namespace Runback.Runbook.Runs;

/// <summary>Reads small text files that others may have put there: only what is a file, and only as much as such a file can reasonably hold.</summary>
internal static class BoundedFile
{
    /// <summary>All of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">How many bytes it may have.</param>
    /// <exception cref="IOException">It isn't there, is no file, has more, or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static string Read(string path, int most)
    {
        if (!RegularFile.Is(path))
            throw new FileNotFoundException(RegularFile.Described(path) is "nothing" ? $"there is no file {path}" : $"{path} is {RegularFile.Described(path)}", path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[(int)Math.Min(most, file.Length) + 1];
        var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return length > most ? throw new IOException($"{path} has more than {most >> 10} KiB") : Encoding.UTF8.GetString(buffer, 0, length).TrimStart('\ufeff');
    }
}
