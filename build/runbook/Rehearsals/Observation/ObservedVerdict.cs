using Runback.Runbook.Migrations;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Judges what was observed by the severities of the reading rules.</summary>
public static class ObservedVerdict
{
    /// <summary>Judges the difference between two schemas, and what was recorded on the way from one to the other.</summary>
    /// <param name="before">The schema of the old release.</param>
    /// <param name="after">The schema of the newer one.</param>
    /// <param name="observed">What the upgrade between them was seen to do; null when only the schemas are known.</param>
    public static ObservedJudgement Judge(CatalogSnapshot before, CatalogSnapshot after, ObservedMigration? observed) =>
        new(before == after && observed is null ? Verdict.Additive : Verdict.Unknown, []);
}
