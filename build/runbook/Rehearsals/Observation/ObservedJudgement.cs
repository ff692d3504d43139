using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>What was observed to be different, and how it weighs for old code.</summary>
/// <param name="Verdict">The verdict that the reasons give.</param>
/// <param name="Reasons">The reasons.</param>
public sealed record ObservedJudgement(Verdict Verdict, ValueList<ObservedReason> Reasons);

/// <summary>Why an observed change is not simply additive.</summary>
/// <param name="Kind">The id of the reading rule for the same thing: <c>drop-column</c>.</param>
/// <param name="Severity">That rule's severity.</param>
/// <param name="Subject">What it is about: <c>bookings.note</c>.</param>
/// <param name="Detail">What was seen, in one sentence.</param>
public sealed record ObservedReason(string Kind, Severity Severity, string Subject, string Detail);
