namespace Runback.Engine.Output;

/// <summary>
/// Where a standard stream of this process ends: what the CI system's runner reads, it forgets; a file keeps it. Source: proc_pid_fd(5).
/// </summary>
internal static class StreamTarget
{
    /// <summary>Whether what is written there lands in a file, as far as can be seen: one that it is redirected to, or that <c>tee</c> writes.</summary>
    /// <param name="descriptor">The file descriptor.</param>
    /// <param name="process">The process.</param>
    public static bool IsFile(int descriptor, string process = "self") => OperatingSystem.IsLinux() && Link($"/proc/{process}/fd/{descriptor}") is { } target
        && (target.StartsWith("pipe:", StringComparison.Ordinal) ? IsReadByTee(target) : target.StartsWith('/') && !target.StartsWith("/dev/", StringComparison.Ordinal));

    private static bool IsReadByTee(string pipe) => Directory.EnumerateDirectories("/proc")
        .Any(process => char.IsAsciiDigit(Path.GetFileName(process)[0]) && NameOf(process) == "tee" && Link($"{process}/fd/0") == pipe);

    private static string? NameOf(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/comm").TrimEnd('\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return null;
        }
    }

    private static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
