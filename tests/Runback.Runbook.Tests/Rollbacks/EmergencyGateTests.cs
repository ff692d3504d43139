using Runback.Runbook.Rollbacks;
using Runback.Runbook.Rollbacks.Gates;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Rollbacks;

public class EmergencyGateTests
{
    private const string Lossy = "ALTER TABLE t DROP a";
    private static readonly RollbackRequest Complete = new()
    {
        Operator = "ada", ApprovedBy = "grace", Incident = "INC-42", AcceptDowntime = true, AcceptDataLoss = true,
    };

    private static GateResult Judge(RollbackRequest request, Course course = Course.Downgrade, string upgrade = Lossy) =>
        new EmergencyGate().Judge(request, course, CourseTests.Ahead(upgrade, "ALTER TABLE t ADD a int").Assessment);

    [Fact]
    public void With_all_of_it_the_gate_is_open_and_says_who_approved()
    {
        var judged = Judge(Complete);
        Assert.True(judged.Passed, judged.Found);
        Assert.Contains("grace", judged.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_missing_is_named_at_once()
    {
        var judged = Judge(new RollbackRequest { Operator = "ada" });
        Assert.False(judged.Passed);
        Assert.All(["--incident", "--approved-by", "--accept-downtime", "--accept-data-loss"], option => Assert.Contains(option, judged.Found, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ada")]
    [InlineData("ADA")]
    [InlineData(" @Ada ")]
    public void Nobody_approves_for_himself(string approver)
    {
        var judged = Judge(Complete with { ApprovedBy = approver });
        Assert.False(judged.Passed);
        Assert.Contains("another person", judged.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Course.Downgrade, Lossy, false)]
    [InlineData(Course.Downgrade, "CREATE INDEX i ON t (a)", true)]
    [InlineData(Course.Restore, "CREATE INDEX i ON t (a)", false)]
    public void A_loss_must_be_accepted_where_there_is_one(Course course, string upgrade, bool passes) =>
        Assert.Equal(passes, Judge(Complete with { AcceptDataLoss = false }, course, upgrade).Passed);

    [Fact]
    public void Only_emergencies_are_its_concern() =>
        Assert.Equal([Course.Downgrade, Course.Restore], Enum.GetValues<Course>().Where(new EmergencyGate().Concerns));

    [Theory]
    [InlineData("GITHUB_ACTOR", "ada")]
    [InlineData("GITLAB_USER_LOGIN", "ada")]
    [InlineData("SUDO_USER", "ada")]
    [InlineData("OTHER", "root")]
    public void The_operator_is_the_person_behind_the_job_or_behind_sudo(string variable, string expected) =>
        Assert.Equal(expected, Operator.Name(name => name == variable ? "ada" : null, "root"));
}
