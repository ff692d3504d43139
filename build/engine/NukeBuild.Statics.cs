using System.Reflection;
using Runback.Engine.Binding;
using Runback.Engine.Output;

namespace Runback.Engine;

/// <content>Where this build is, and how it was started.</content>
public abstract partial class NukeBuild
{
    private static AbsolutePath? root;

    /// <summary>
    /// The repository: <c>--root</c>, else <c>NUKE_ROOT</c>, else the nearest folder with a <c>.nuke</c> in it above the build's binary, else above the current directory.
    /// </summary>
    public static AbsolutePath RootDirectory
    {
        get => root ??= RootDirectoryFinder.Find(null);
        internal set => root = value;
    }

    /// <summary><c>.nuke/temp</c> below the root; made where it is missing.</summary>
    public static AbsolutePath TemporaryDirectory => (RootDirectory / ".nuke" / "temp").CreateDirectory();

    /// <summary>The build's assembly; null when there is none on disk.</summary>
    public static AbsolutePath? BuildAssemblyFile => Assembly.GetEntryAssembly()?.Location is { Length: > 0 } file ? AbsolutePath.Create(file) : null;

    /// <summary>The directory of the build's assembly; null when there is none on disk.</summary>
    public static AbsolutePath? BuildAssemblyDirectory => BuildAssemblyFile?.Parent;

    /// <summary>How much the engine prints.</summary>
    public static Verbosity Verbosity { get; set; } = Verbosity.Normal;

    /// <summary>The profiles whose files were read, in order.</summary>
    public static string[] LoadedLocalProfiles { get; internal set; } = [];

    /// <summary>Whether a person's machine runs this.</summary>
    public static bool IsLocalBuild => !IsServerBuild;

    /// <summary>Whether a CI system runs this.</summary>
    public static bool IsServerBuild { get; internal set; } = CiDetector.Detect(Environment.GetEnvironmentVariable) != CiSystem.None;

    AbsolutePath INukeBuild.RootDirectory => RootDirectory;

    AbsolutePath INukeBuild.TemporaryDirectory => TemporaryDirectory;

    AbsolutePath? INukeBuild.BuildAssemblyFile => BuildAssemblyFile;

    AbsolutePath? INukeBuild.BuildAssemblyDirectory => BuildAssemblyDirectory;

    Verbosity INukeBuild.Verbosity => Verbosity;

    bool INukeBuild.IsLocalBuild => IsLocalBuild;

    bool INukeBuild.IsServerBuild => IsServerBuild;
}
