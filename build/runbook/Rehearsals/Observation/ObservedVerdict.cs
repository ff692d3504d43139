using Runback.Runbook.Databases;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Judges what was observed by the severities of the reading rules.</summary>
public static class ObservedVerdict
{
    /// <summary>
    /// Judges the difference between two schemas, and what was recorded on the way from one to the other. Old is what the first schema has;
    /// what the second one adds is new to old code. A gap in the record makes the verdict <see cref="Verdict.Unknown"/> at least.
    /// </summary>
    /// <param name="before">The schema of the old release.</param>
    /// <param name="after">The schema of the newer one.</param>
    /// <param name="observed">What the upgrade between them was seen to do; null when only the schemas are known.</param>
    /// <param name="versionTable">Alembic's version table, which never counts.</param>
    public static ObservedJudgement Judge(
        CatalogSnapshot before, CatalogSnapshot after, ObservedMigration? observed, string versionTable = AlembicVersion.UsualTable)
    {
        var comparison = new Comparison(before, after, observed, versionTable);
        var reasons = ((IEnumerable<IEnumerable<ObservedReason>>)
            [
                ChangedObjects.Judge(comparison), ChangedColumns.Judge(comparison), ChangedConstraints.Judge(comparison), ChangedIndexes.Judge(comparison),
                ChangedGuards.Judge(comparison), ChangedTypes.Judge(comparison), TouchedRows.Judge(comparison),
            ]).SelectMany(found => found).Distinct().ToValueList();
        return new ObservedJudgement(
            VerdictOf.Reasons(reasons.Select(reason => new Reason(reason.Kind, reason.Severity, reason.Subject, reason.Detail, SourceLine.None))), reasons);
    }
}
