using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;
using Runback.Runbook.Rehearsals.Observation;

namespace Runback.Runbook.Tests.Rehearsals.Observation;

public sealed class RuleFaultsTests
{
    private static readonly ObservedReason Dropped = new("drop-column", Severity.Breaking, "bookings.note", "column bookings.note is gone");

    [Theory]
    [InlineData("bookings.note")]
    [InlineData("public.bookings.note")]
    [InlineData("bookings")]
    [InlineData("note")]
    public void A_breaking_observation_that_a_rule_saw_is_no_fault(string subject) =>
        Assert.Empty(RuleFaults.Find(Read(new Reason("drop-column", Severity.Breaking, subject, "", SourceLine.None)), Observed(Dropped)));

    [Fact]
    public void A_breaking_observation_that_no_rule_saw_is_a_fault()
    {
        var faults = RuleFaults.Find(Read(new Reason("drop-column", Severity.Breaking, "bookings.notes", "", SourceLine.None)), Observed(Dropped));
        Assert.Contains("bookings.note: column bookings.note is gone (drop-column)", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_that_only_called_for_caution_does_not_cover_what_broke()
    {
        var faults = RuleFaults.Find(Read(new Reason("insert-rows", Severity.Caution, "bookings", "", SourceLine.None)), Observed(Dropped));
        Assert.Equal(2, faults.Count);
        Assert.Contains("Breaking, which is stricter", faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_milder_observation_leaves_the_stricter_reading_in_force() =>
        Assert.Contains("looser than what reading them says (Breaking); Breaking holds",
            Assert.Single(RuleFaults.Find(Read(new Reason("drop-column", Severity.Breaking, "x", "", SourceLine.None)), Observed())), StringComparison.Ordinal);

    [Fact]
    public void A_milder_observation_without_rows_is_nobody_s_fault_and_a_stricter_one_is()
    {
        Assert.Empty(RuleFaults.Find(Read(new Reason("drop-column", Severity.Breaking, "x", "", SourceLine.None)), Observed(), isEmpty: true));
        Assert.Equal(2, RuleFaults.Find(Read(new Reason("insert-rows", Severity.Caution, "bookings", "", SourceLine.None)), Observed(Dropped), isEmpty: true).Count);
    }

    [Fact]
    public void Agreement_is_no_fault() => Assert.Empty(RuleFaults.Find(Read(), Observed()));

    private static PathAssessment Read(params Reason[] reasons) => new([], VerdictOf.Reasons(reasons), reasons.ToValueList());

    private static ObservedJudgement Observed(params ObservedReason[] reasons) => new(reasons.Length == 0 ? Verdict.Additive : Verdict.Breaking, reasons.ToValueList());
}
