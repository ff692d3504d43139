namespace Runback.Runbook.Backups;

/// <summary>What a scratch server is to be.</summary>
/// <param name="Image">The image, best the id of the one that the database runs: same version, same extensions, same locales.</param>
/// <param name="Deployment">The deployment it works for, in a label.</param>
/// <param name="Run">The run it belongs to, in a label.</param>
public sealed record ScratchOptions(string Image, string Deployment, string Run)
{
    /// <summary>The Docker network to join, which must be an internal one; null for none at all.</summary>
    public string? Network { get; init; }

    /// <summary>The host names under which others on the network find it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The port that it listens on, on that network and on its socket.</summary>
    public int Port { get; init; } = 5432;

    /// <summary>How long it may take to get ready.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}
