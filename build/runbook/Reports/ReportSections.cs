using Runback.Runbook.Reports.Sections;

namespace Runback.Runbook.Reports;

/// <summary>Every section of a report. Adding one is adding a line here.</summary>
public static class ReportSections
{
    /// <summary>The sections, in the order in which they are shown; the first one is the first screen.</summary>
    public static IReadOnlyList<IReportSection> All { get; } =
    [
        new SummarySection(),
        new TimelineSection(),
        new StepsSection(),
        new ChecksSection(),
        new LogChangesSection(),
        new GatesSection(),
        new ChoicesSection(),
        new MigrationsSection(),
        new RehearsalSection(),
        new LossesSection(),
        new DrillSection(),
        new ChecklistSection(),
        new RestorePointSection(),
        new BackupSection(),
        new KeptSection(),
        new FollowUpSection(),
        new RunSection(),
        new CommandsSection(),
        new OthersSection(),
    ];
}
