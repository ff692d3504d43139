using Runback.Runbook.Cutover;

namespace Runback.Runbook.Tests.Cutover;

public sealed class DependencyDriftTests
{
    [Fact]
    public void Services_and_their_hashes_are_read_from_the_lines()
    {
        var hashes = DependencyDrift.Hashes("api 0a1b\r\ndb 2c3d\n\n  jobs 4e5f  \nbroken\n");
        Assert.Equal([("api", "0a1b"), ("db", "2c3d"), ("jobs", "4e5f")], hashes.Select(pair => (pair.Key, pair.Value)));
        Assert.Empty(DependencyDrift.Hashes(""));
    }
}
