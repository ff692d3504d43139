namespace Runback.Runbook.Backups;

/// <summary>A dump in the backup folder.</summary>
/// <param name="File">Its full path.</param>
/// <param name="At">When it was begun, from its name (UTC).</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Facts">What is known of it, or null when nothing was written down.</param>
public sealed record Backup(string File, DateTimeOffset At, long Bytes, BackupFacts? Facts);
