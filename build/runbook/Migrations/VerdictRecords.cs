using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.Migrations;

/// <summary>What a migration's way back is worth.</summary>
public enum DowngradeKind
{
    /// <summary>It undoes the migration and loses nothing.</summary>
    Present,

    /// <summary>There is none, or it does nothing although the migration does something.</summary>
    Missing,

    /// <summary>It raises whatever the database holds.</summary>
    Raises,

    /// <summary>It runs, and data is gone afterwards, or what the migration destroyed does not come back.</summary>
    Lossy,
}

/// <summary>What is known of one migration's way back.</summary>
/// <param name="Kind">What it is worth.</param>
/// <param name="Detail">Why, in one sentence; empty for <see cref="DowngradeKind.Present"/>.</param>
/// <param name="At">The line that decides it.</param>
public sealed record DowngradeAssessment(DowngradeKind Kind, string Detail, SourceLine At);

/// <summary>The verdict of one migration.</summary>
/// <param name="Script">The migration.</param>
/// <param name="Verdict">Its verdict alone: everything that was there before it is old.</param>
/// <param name="Reasons">The reasons of that verdict, in the order of the file.</param>
/// <param name="VerdictInPath">Its verdict as a part of the path: what the path itself created before is new.</param>
/// <param name="ReasonsInPath">The reasons of that verdict.</param>
/// <param name="Downgrade">Its way back.</param>
public sealed record RevisionAssessment(
    MigrationScript Script,
    Verdict Verdict,
    ValueList<Reason> Reasons,
    Verdict VerdictInPath,
    ValueList<Reason> ReasonsInPath,
    DowngradeAssessment Downgrade)
{
    /// <summary>True when a part of it commits on its own, so that a failure may leave it half done.</summary>
    public bool CommitsInParts => Script.Upgrade.Any(change => change is AutocommitBegun);
}

/// <summary>The verdict of a path: may the database stay, if the code goes back to the release before all of it?</summary>
/// <param name="Revisions">The migrations, oldest first.</param>
/// <param name="Verdict">The verdict of the whole.</param>
/// <param name="Reasons">The reasons of that verdict; they name their file and line.</param>
public sealed record PathAssessment(ValueList<RevisionAssessment> Revisions, Verdict Verdict, ValueList<Reason> Reasons);
