using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>Something that could not be followed.</summary>
internal sealed class NotUnderstood() : Rule(RuleId, Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem:
            "The migration does something that could not be followed: a DO block, a call into other code, SQL that is put "
            + "together at run time, a statement that is not known.",
        Why: "It could do anything, so it counts as dangerous. The verdict says Unknown.",
        Remedy: "Let the rehearsal show what it does, or write it as plain operations.");

    /// <summary>This rule's id.</summary>
    internal const string RuleId = "not-understood";

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is Unknown unknown ? Find(unknown.What, unknown.Why) : [];
}
