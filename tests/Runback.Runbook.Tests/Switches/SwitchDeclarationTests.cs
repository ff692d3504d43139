using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;
using Runback.Runbook.Switches;
using Runback.Runbook.Tests.Deployments;

namespace Runback.Runbook.Tests.Switches;

public sealed class SwitchDeclarationTests
{
    private const string Exports = "exports: EXPORT_MODE=off|webhook in api,jobs; off GET /exports/bookings.csv 404; on GET /exports/bookings.csv 200";

    [Fact]
    public void A_line_is_read_with_its_values_consumers_and_probes()
    {
        var declared = SwitchDeclaration.Parse(Exports);
        Assert.Equal(("exports", "EXPORT_MODE", "off", "webhook"), (declared.Name, declared.Variable, declared.Value(SwitchPosition.Off), declared.Value(SwitchPosition.On)));
        Assert.Equal(["api", "jobs"], declared.Consumers);
        Assert.Equal([(SwitchPosition.Off, 404), (SwitchPosition.On, 200)], declared.Probes.Select(probe => (probe.Position, probe.Request.Status!.Value)));
        Assert.Empty(SwitchDeclaration.Parse("mail : MAIL=0|1 in jobs").Probes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("exports")]
    [InlineData("exports: EXPORT_MODE=off in api")]
    [InlineData("exports: EXPORT_MODE=off|off in api")]
    [InlineData("exports: EXPORT_MODE=off|a b in api")]
    [InlineData("exports: 1MODE=off|on in api")]
    [InlineData("Exports: EXPORT_MODE=off|on in api")]
    [InlineData("exports: EXPORT_MODE=off|on in ,")]
    [InlineData("exports: EXPORT_MODE=off|on in api,api")]
    [InlineData("exports: EXPORT_MODE=off|on in api; 0 GET /x")]
    [InlineData("exports: EXPORT_MODE=off|on in api; maybe GET /x")]
    [InlineData("exports: EXPORT_MODE=off|on in api; off POST /x")]
    [InlineData("exports: EXPORT_MODE=off|on in api; off")]
    public void A_line_that_is_no_switch_is_refused(string line) =>
        Assert.Equal(Outcome.Usage, Assert.Throws<RunbookException>(() => SwitchDeclaration.Parse(line)).Outcome);

    [Fact]
    public void A_switch_is_found_by_its_name()
    {
        Assert.Equal("MAIL", SwitchDeclaration.Find([Exports, "mail: MAIL=0|1 in jobs"], "mail", Observed.Deployment()).Variable);
        AssertRefused([Exports], "mail", "found exports");
        AssertRefused([], "exports", "found none");
        AssertRefused([Exports, "exports: MAIL=0|1 in jobs"], "exports", "twice");
        AssertRefused(["exports: EXPORT_MODE=off|on in web"], "exports", "found web");
        AssertRefused([Exports, "broken"], "exports", "`broken`");
    }

    [Fact]
    public void A_switch_is_read_back_from_every_running_container_of_every_consumer()
    {
        var reading = new SwitchReading(SwitchDeclaration.Parse(Exports));
        Assert.All(reading.Of([Container("api", "off"), Container("jobs", "off")], SwitchPosition.Off), check => Assert.True(check.Passed));

        var mixed = reading.Of([Container("api", "off"), Container("api", "webhook"), Container("jobs", "off") with { State = "exited" }], SwitchPosition.Off);
        Assert.Equal([(false, "off, webhook"), (false, "no running container")], mixed.Select(check => (check.Passed, check.Found)));
        Assert.Equal("no such variable", reading.Of([Container("api", null)], SwitchPosition.Off)[0].Found);
    }

    private static Container Container(string service, string? value) => new(
        "id", service, new Dictionary<string, string> { [Labels.Service] = service }, "image:1", "sha256:1", "running", null, 0, DateTimeOffset.UnixEpoch, 0,
        value is null ? ["EXPORT_MODE_OLD=off"] : ["EXPORT_MODE=" + value]);

    private static void AssertRefused(string[] lines, string name, string said)
    {
        var refused = Assert.Throws<RunbookException>(() => SwitchDeclaration.Find(lines, name, Observed.Deployment()));
        Assert.Equal(Outcome.Usage, refused.Outcome);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }
}
