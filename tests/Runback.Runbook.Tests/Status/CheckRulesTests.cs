using Runback.Runbook.Deployments;
using Runback.Runbook.Status;
using Runback.Runbook.Tests.Deployments;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Tests.Status;

/// <summary>What a check says beside the gates, and how it is graded.</summary>
public sealed class CheckRulesTests
{
    private static readonly DeploymentStatus Good = new()
    {
        At = DateTimeOffset.UnixEpoch, Project = "shop", Services = [new ServiceStatus("api", "v2", "sha256:2", "running, healthy", 0, null)], Health = "200", Readiness = "200", Serves = true,
        Revisions = ["b2"], Pin = "v2", RunsWhatIsPinned = true, Backup = new BackupStatus("/srv/backups/pg.dump", DateTimeOffset.UnixEpoch, 1, "Decode"),
        RollbackTarget = null, Holder = null, UnfinishedRuns = [],
    };

    private static readonly Situation Situation = Observed.Situation([Observed.Service("api", "v2")], pin: "v2");

    [Fact]
    public void Where_all_is_well_every_line_is_ok() => Assert.All(CheckRules.Of(Situation, Good), finding => Assert.Equal(Grade.Ok, finding.Grade));

    [Fact]
    public void What_only_makes_it_worse_is_a_warning_and_whoever_holds_the_deployment_refuses()
    {
        var holder = new Runback.Runbook.Runs.Holder("r1", "Rollback", "ann", "h", 1, DateTimeOffset.UnixEpoch, null);
        var findings = CheckRules.Of(Situation, Good with { Holder = holder, UnfinishedRuns = ["r0"], Serves = false, RunsWhatIsPinned = false, Backup = null }).ToList();

        Assert.Equal(["held by"], findings.Where(finding => finding.Grade == Grade.WouldRefuse).Select(finding => finding.Name));
        Assert.Equal(["unfinished", "serves", "pin", "backup"], findings.Where(finding => finding.Grade == Grade.Warning).Select(finding => finding.Name));
        Assert.All(findings.Where(finding => finding.Grade != Grade.Ok), finding => Assert.NotNull(finding.Hint));
    }

    [Theory]
    [InlineData(200, "{\"status\":\"ok\"}", Grade.Ok)]
    [InlineData(503, "{\"status\":\"ok\"}", Grade.WouldRefuse)]
    [InlineData(200, "{\"status\":\"down\"}", Grade.WouldRefuse)]
    [InlineData(404, "not found", Grade.WouldRefuse)]
    [InlineData(null, "", Grade.Warning)]
    [InlineData(503, "{\"ok\":false,\"checks\":[{\"name\":\"migrations\",\"ok\":false}]}", Grade.Ok)]
    public void A_readiness_that_cant_be_read_would_bring_the_rollback_back(int? status, string body, Grade grade)
    {
        var situation = Observed.Situation([Observed.Service("api", "v2")], pin: "v2", readiness: Readiness.From(Observed.Answer(status, body)));

        Assert.Equal(grade, CheckRules.Of(situation, Good).Single(finding => finding.Name == "readiness").Grade);
    }

    [Fact]
    public void A_pin_that_moves_is_a_warning()
    {
        var situation = Observed.Situation([Observed.Service("api", "latest")], pin: "latest");

        Assert.Contains(CheckRules.Of(situation, Good with { Pin = "latest" }), finding => finding.Grade == Grade.Warning && finding.Found.StartsWith("`latest`", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("CMD-SHELL", "pg_isready -U $POSTGRES_USER -d shop || exit 1", Grade.Warning, "test: [\"CMD\", \"pg_isready\", \"-U\", \"shop\", \"-d\", \"shop\"]")]
    [InlineData("CMD-SHELL", "pg_isready -U \"${POSTGRES_USER}\"", Grade.Warning, "test: [\"CMD\", \"pg_isready\", \"-U\", \"shop\"]")]
    [InlineData("CMD-SHELL", "psql -c 'select 1'", Grade.Ok, null)]
    [InlineData("CMD", "pg_isready", Grade.Ok, null)]
    public void A_health_check_of_the_database_through_a_shell_is_a_warning(string form, string test, Grade grade, string? hint)
    {
        var service = new ComposeService("db", "postgres:17", false, [], false, new Dictionary<string, string> { ["POSTGRES_USER"] = "shop", ["POSTGRES_PASSWORD"] = "secret-of-db" }) { HealthTest = [form, test] };
        var finding = Assert.Single(CheckRules.OfHealthChecks(new ComposeProject("shop", new Dictionary<string, ComposeService> { ["db"] = service }), Observed.Deployment()));

        Assert.Equal(grade, finding.Grade);
        Assert.Equal(hint, finding.Hint?["without a shell: ".Length..]);
    }

    [Theory]
    [InlineData(true, true, Grade.Ok)]
    [InlineData(true, false, Grade.Warning)]
    [InlineData(false, true, Grade.Ok)]
    [InlineData(false, false, Grade.WouldRefuse)]
    public void A_release_has_to_be_here_or_to_be_pulled(bool isOnHost, bool canBePulled, Grade grade) =>
        Assert.Equal(grade, CheckRules.OfRelease("v1", isOnHost, "Gone", canBePulled, null).Grade);

    [Fact]
    public void The_worst_line_is_the_whole_and_the_last_line_counts()
    {
        var report = new CheckReport(DateTimeOffset.UnixEpoch, "for v1", [new CheckFinding("a", Grade.Ok, "x"), new CheckFinding("b", Grade.WouldRefuse, "y", "mend it"), new CheckFinding("c", Grade.Warning, "z")]);

        Assert.Equal(Grade.WouldRefuse, report.Grade);
        Assert.Equal("1 line would refuse a rollback, 1 warning", report.Lines().Last());
        Assert.Contains("\"grade\": \"WouldRefuse\"", report.ToJson(), StringComparison.Ordinal);
        Assert.Equal("nothing would be refused", new CheckReport(DateTimeOffset.UnixEpoch, "", []).Lines().Last());
    }
}
