namespace Runback.Engine.Binding;

/// <summary>Finds the folder that has the <c>.nuke</c> folder.</summary>
internal static class RootDirectoryFinder
{
    /// <summary>The folder given; else NUKE_ROOT; else the nearest above the build's binary, so that a build works on its own repository from anywhere; else above the current directory.</summary>
    /// <exception cref="UsageException">There is no such folder.</exception>
    public static AbsolutePath Find(string? given, string? currentDirectory = null, Func<string, string?>? environment = null)
    {
        currentDirectory ??= Directory.GetCurrentDirectory();
        var variable = (environment ?? Environment.GetEnvironmentVariable)("NUKE_ROOT");
        var (wanted, source) = given is not null ? (given, "--root") : (variable, "Environment variable NUKE_ROOT");
        if (!string.IsNullOrWhiteSpace(wanted))
        {
            var path = Path.GetFullPath(wanted, currentDirectory);
            return Directory.Exists(Path.Combine(path, ".nuke"))
                ? AbsolutePath.Create(path)
                : throw new UsageException($"{source}: there is no folder .nuke in {path}.", "name the repository's own folder");
        }

        return Above(AppContext.BaseDirectory) ?? Above(currentDirectory)
            ?? throw new UsageException($"There is no folder .nuke in {currentDirectory} or above.", "start from inside the repository, or name it with --root");
    }

    private static AbsolutePath? Above(string directory)
    {
        for (var folder = new DirectoryInfo(directory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, ".nuke")))
                return AbsolutePath.Create(folder.FullName);
        }

        return null;
    }
}
