using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.History;

namespace Runback.Runbook.Rollbacks;

/// <summary>How the database's migrations stand to those in the target release's image.</summary>
/// <param name="Revisions">The database's revisions; null when they can't be read.</param>
/// <param name="Path">The way between the two; null when it couldn't be found.</param>
/// <param name="Assessment">What the migrations mean that would be kept; null when there are none or they couldn't be read.</param>
/// <param name="TargetHeads">The heads in the target's image; empty when they couldn't be read.</param>
/// <param name="Problem">Why there is no path, or null.</param>
public sealed record ReleaseHistory(
    IReadOnlyList<string>? Revisions, RevisionPath? Path, PathAssessment? Assessment, IReadOnlyList<string> TargetHeads, string? Problem)
{
    /// <summary>What is wrong with the rows of the database's version table; there is no path then. Null when nothing is.</summary>
    public VersionFault? VersionFault { get; init; }

    /// <summary>What to do about the problem, where more is known than in general; else null.</summary>
    public string? ProblemHint { get; init; }

    /// <summary>The release whose image knows the database's revisions, so that its Alembic can undo them (trap 4); null while unknown.</summary>
    public ImageHistory? Newer { get; init; }

    /// <summary>The target release's own migrations; null while unknown.</summary>
    public ImageHistory? Target { get; init; }

    /// <summary>The images on the host whose migrations couldn't be read on the way, those that run first.</summary>
    public IReadOnlyList<UnreadImage> Unread { get; init; } = [];
}

/// <summary>The migrations of an image.</summary>
/// <param name="Image">The image's id.</param>
/// <param name="Graph">Its migrations.</param>
public sealed record ImageHistory(string Image, RevisionGraph Graph);

/// <summary>An image whose migrations couldn't be read.</summary>
/// <param name="Name">Its tag, or its id.</param>
/// <param name="Runs">Whether it runs in the deployment.</param>
/// <param name="Why">Why not.</param>
public sealed record UnreadImage(string Name, bool Runs, string Why);
