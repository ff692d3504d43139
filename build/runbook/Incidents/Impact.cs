using Runback.Runbook.Migrations;

namespace Runback.Runbook.Incidents;

/// <summary>What an incident is about.</summary>
public enum ImpactKind
{
    /// <summary>Nothing that was observed says.</summary>
    Unknown,

    /// <summary>The application; the database is sound.</summary>
    Application,

    /// <summary>The database: its schema, or its service.</summary>
    Database,

    /// <summary>Both.</summary>
    Both,
}

/// <summary>The judgement whether an incident is about the application or the database.</summary>
/// <param name="Kind">The judgement.</param>
/// <param name="Evidence">What it rests on, a line each.</param>
public sealed record Impact(ImpactKind Kind, IReadOnlyList<string> Evidence)
{
    private const double NoticeableRate = 0.01;

    /// <summary>
    /// Judges by what was observed: a readiness check of the database or the migrations that fails, and a verdict that is breaking or unknown, speak for
    /// the database; services that aren't healthy, other readiness checks, and errors above the usual speak for the application.
    /// </summary>
    public static Impact Of(ChecklistFacts facts)
    {
        var failing = facts.ReadinessFailures ?? [];
        string[] database =
        [
            .. failing.Where(IsOfDatabase).Select(check => $"readiness fails at {PlainText.Line(check)}"),
            .. facts.Verdict is Verdict.Breaking or Verdict.Unknown
                ? (string[])[$"the migrations are {facts.Verdict}{(facts.VerdictReasons.Count == 0 ? "" : $": {PlainText.Line(facts.VerdictReasons[0])}")}"] : [],
        ];
        string[] application =
        [
            .. facts.UnhealthyServices.Select(service => $"{PlainText.Line(service)} isn't healthy"),
            .. failing.Where(check => !IsOfDatabase(check)).Select(check => $"readiness fails at {PlainText.Line(check)}"),
            .. facts.ErrorRate is { } rate && rate >= NoticeableRate && rate > (facts.UsualErrorRate ?? 0) * 2
                ? (string[])[$"{rate:P1} of requests fail{(facts.UsualErrorRate is { } usual ? $" (before: {usual:P1})" : "")}"] : [],
        ];
        string[] sound =
        [
            .. facts.Verdict is Verdict.Additive or Verdict.Caution ? (string[])[$"the migrations are {facts.Verdict}"] : [],
            .. facts.ReadinessFailures is { Count: 0 } ? (string[])["readiness passes"] : [],
        ];
        var kind = (application.Length > 0, database.Length > 0) switch
        {
            (true, true) => ImpactKind.Both,
            (false, true) => ImpactKind.Database,
            (true, false) => ImpactKind.Application,
            // A sound database leaves the application; knowing nothing leaves nothing.
            _ => facts.Verdict is Verdict.Additive or Verdict.Caution && facts.ReadinessFailures is not null ? ImpactKind.Application : ImpactKind.Unknown,
        };
        return new Impact(kind, [.. database, .. application, .. sound]);
    }

    private static bool IsOfDatabase(string check) => check is "db" or "database" or "postgres" or "migrations";
}
