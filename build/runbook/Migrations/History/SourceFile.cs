namespace Runback.Runbook.Migrations.History;

/// <summary>A file of a version folder, wherever it came from.</summary>
/// <param name="Path">Its path, for messages.</param>
/// <param name="Text">Its text.</param>
public sealed record SourceFile(string Path, string Text)
{
    /// <summary>The project's modules that it may import; null when none are known.</summary>
    internal ProjectModules? Modules { get; init; }
}
