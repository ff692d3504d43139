using Runback.Runbook.Rollbacks.Gates;

namespace Runback.Runbook.Tests.Rollbacks;

public sealed class ComposeGateTests
{
    [Theory]
    [InlineData("2.26.1-4", "2.26.1")]
    [InlineData("v2.19.1", "2.19.1")]
    [InlineData("2.40.3+ds1", "2.40.3")]
    [InlineData("v2.20.0-rc.1", "2.20.0")]
    [InlineData("5.0", "5.0")]
    [InlineData("dev", null)]
    [InlineData("", null)]
    [InlineData("docker-compose version 1.29.2, build 5becea4c", null)]
    public void A_version_is_read_as_distributions_and_docker_itself_print_it(string text, string? version) => Assert.Equal(version, ComposeGate.Read(text)?.ToString());
}
