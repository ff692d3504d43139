namespace Runback.Engine;

/// <summary>Questions to the file system about a path.</summary>
public static class AbsolutePathExtensions
{
    /// <summary>Whether there is a file.</summary>
    public static bool FileExists(this AbsolutePath path) => File.Exists(path);

    /// <summary>Whether there is a directory.</summary>
    public static bool DirectoryExists(this AbsolutePath path) => Directory.Exists(path);

    /// <summary>Makes the directory and those above it, where they are missing.</summary>
    /// <returns>The same path.</returns>
    public static AbsolutePath CreateDirectory(this AbsolutePath path)
    {
        Directory.CreateDirectory(path);
        return path;
    }
}
