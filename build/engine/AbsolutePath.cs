namespace Runback.Engine;

/// <summary>A rooted, normalized path of a file or directory. <c>path / "name"</c> goes down, <c>path.Parent</c> goes up.</summary>
public sealed class AbsolutePath : IEquatable<AbsolutePath>
{
    private static readonly StringComparison Comparison =
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private readonly string path;

    private AbsolutePath(string path)
    {
        if (!Path.IsPathRooted(path))
            throw new ArgumentException($"Path '{path}' must be rooted.", nameof(path));
        this.path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    }

    /// <summary>The last part of the path.</summary>
    public string Name => Path.GetFileName(path);

    /// <summary>The last part without its extension.</summary>
    public string NameWithoutExtension => Path.GetFileNameWithoutExtension(path);

    /// <summary>The extension with its dot, or an empty string.</summary>
    public string Extension => Path.GetExtension(path);

    /// <summary>The directory that this is in; null for a root.</summary>
    public AbsolutePath? Parent => Path.GetDirectoryName(path) is { Length: > 0 } parent ? new AbsolutePath(parent) : null;

    /// <summary>Makes one from a rooted path.</summary>
    /// <exception cref="ArgumentException">The path isn't rooted.</exception>
    public static AbsolutePath Create(string path) => new(path);

    /// <summary>Makes one from a rooted path; null stays null.</summary>
    /// <exception cref="ArgumentException">The path isn't rooted.</exception>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(path))]
    public static implicit operator AbsolutePath?(string? path) => path is null ? null : new AbsolutePath(path);

    /// <summary>The path as text; null stays null.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(path))]
    public static implicit operator string?(AbsolutePath? path) => path?.path;

    /// <summary>A path below (or, with "..", above) this one.</summary>
    public static AbsolutePath operator /(AbsolutePath left, string? right)
    {
        ArgumentNullException.ThrowIfNull(left);
        return string.IsNullOrEmpty(right) ? left : new AbsolutePath(Path.Combine(left.path, right));
    }

    /// <summary>The path with text added to its last part.</summary>
    public static AbsolutePath operator +(AbsolutePath left, string? right)
    {
        ArgumentNullException.ThrowIfNull(left);
        return new AbsolutePath(left.path + right);
    }

    /// <summary>Whether both are the same path, by the file system's habit with upper and lower case.</summary>
    public static bool operator ==(AbsolutePath? left, AbsolutePath? right) => Equals(left, right);

    /// <summary>Whether the paths differ.</summary>
    public static bool operator !=(AbsolutePath? left, AbsolutePath? right) => !Equals(left, right);

    /// <inheritdoc />
    public bool Equals(AbsolutePath? other) => other is not null && string.Equals(path, other.path, Comparison);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as AbsolutePath);

    /// <inheritdoc />
    public override int GetHashCode() => path.GetHashCode(Comparison);

    /// <inheritdoc />
    public override string ToString() => path;
}
