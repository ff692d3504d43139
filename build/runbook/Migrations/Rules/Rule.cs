using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>How much a rule's finding weighs.</summary>
public enum Severity
{
    /// <summary>Old code most likely runs; what could bite is named.</summary>
    Caution,

    /// <summary>Old code fails, or works on data that changed under it.</summary>
    Breaking,
}

/// <summary>Why a migration is not simply additive.</summary>
/// <param name="Rule">The id of the rule that found it.</param>
/// <param name="Severity">That rule's severity.</param>
/// <param name="Subject">What it is about: <c>bookings.note</c>.</param>
/// <param name="Detail">What happens, in one sentence.</param>
/// <param name="At">Where it is written.</param>
public sealed record Reason(string Rule, Severity Severity, string Subject, string Detail, SourceLine At)
{
    /// <summary>Why the migration's author, or the gate's, allows it: it then calls for caution only; null when nobody does.</summary>
    public string? Allowed { get; init; }

    /// <summary>The same, allowed; shown wherever the reason is.</summary>
    internal Reason AllowedFor(string why) => this with { Allowed = why, Detail = $"{Detail} (allowed: {why})" };
}

/// <summary>What a person reads about a rule.</summary>
/// <param name="Problem">What the migration does.</param>
/// <param name="Why">Why that hurts the code of the release before.</param>
/// <param name="Remedy">What to do instead, or about it.</param>
public sealed record RulePage(string Problem, string Why, string Remedy);

/// <summary>One way in which a migration can hurt the code of the release before. A rule is a file; <see cref="RuleList.All"/> lists them.</summary>
/// <param name="id">The stable id that people search for.</param>
/// <param name="severity">How much its findings weigh.</param>
public abstract class Rule(string id, Severity severity)
{
    /// <summary>The stable id.</summary>
    public string Id { get; } = id;

    /// <summary>How much its findings weigh.</summary>
    public Severity Severity { get; } = severity;

    /// <summary>What a person reads about it.</summary>
    public abstract RulePage Page { get; }

    /// <summary>Findings about one change, in the schema as it is before that change.</summary>
    internal virtual IEnumerable<Finding> Judge(Change change, RuleContext context) => [];

    /// <summary>Findings about the schema that the judged migrations leave behind.</summary>
    internal virtual IEnumerable<Finding> JudgeEnd(RuleContext context) => [];

    internal Reason ToReason(Finding finding, SourceLine at) => new(Id, Severity, finding.Subject, finding.Detail, finding.At ?? at);

    /// <summary>One finding.</summary>
    private protected static IEnumerable<Finding> Find(object about, string detail) => [new Finding(about.ToString() ?? "", detail)];
}

/// <summary>What a rule found.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Detail">What happens, in one sentence.</param>
/// <param name="At">Where it is written, when that is not the judged change.</param>
internal sealed record Finding(string Subject, string Detail, SourceLine? At = null);
