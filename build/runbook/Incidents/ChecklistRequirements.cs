using Runback.Runbook.Backups;

namespace Runback.Runbook.Incidents;

/// <summary>A line that a strategy requires.</summary>
/// <param name="Strategy">The strategy's name.</param>
/// <param name="Item">The line.</param>
/// <param name="Level">How deep the backup must be verified, for the line that asks for that.</param>
public sealed record ChecklistRequirement(string Strategy, ChecklistItem Item, VerifyLevel? Level = null);

/// <summary>Which strategy requires which lines; what isn't required is only shown.</summary>
public static class ChecklistRequirements
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ChecklistRequirement> All { get; } =
    [
        new("AppOnly", ChecklistItem.BackupTaken),
        new("AppOnly", ChecklistItem.BackupVerified, VerifyLevel.Decode),
        new("Downgrade", ChecklistItem.Incident),
        new("Downgrade", ChecklistItem.BackupTaken),
        new("Downgrade", ChecklistItem.BackupVerified, VerifyLevel.Restore),
        new("Restore", ChecklistItem.Incident),
        new("Restore", ChecklistItem.BackupVerified, VerifyLevel.Restore),
    ];

    /// <summary>What a strategy requires of a line, or null when it requires nothing.</summary>
    public static ChecklistRequirement? Of(string? strategy, ChecklistItem item) => All.FirstOrDefault(one => one.Strategy == strategy && one.Item == item);
}
