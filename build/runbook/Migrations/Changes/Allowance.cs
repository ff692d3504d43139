namespace Runback.Runbook.Migrations.Changes;

/// <summary>What the author of a migration, or of a gate, says may be: <c># runback: allow drop-column — nothing reads it since May</c>.</summary>
/// <param name="Rule">The rule whose findings are allowed.</param>
/// <param name="Why">The reason; without one it counts for nothing.</param>
/// <param name="From">The first line of what it stands for.</param>
/// <param name="To">The last one.</param>
internal sealed record Allowance(string Rule, string Why, int From, int To)
{
    /// <summary>Whether it stands for a finding at a line; 0 for one without a line.</summary>
    internal bool Covers(string rule, int line) => Rule == rule && line >= From && line <= To;
}
