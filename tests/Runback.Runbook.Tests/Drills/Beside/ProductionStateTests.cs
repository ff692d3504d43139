using Runback.Runbook.Databases;
using Runback.Runbook.Drills.Beside;

namespace Runback.Runbook.Tests.Drills.Beside;

public sealed class ProductionStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly ContainerFacts Api = new("shop-api-1", "a1", "sha256:1", "running", Start);

    private static readonly ProductionState Before = new(
        Start.AddHours(1), [Api], new Dictionary<string, string> { ["/srv/shop/.env"] = "00ff" }, ["d18e"], [new TableRows("public", "bookings", 4000)]);

    [Fact]
    public void Rows_that_productions_own_users_wrote_are_no_difference() =>
        Assert.Empty((Before with { At = Start.AddHours(2), Rows = [new TableRows("public", "bookings", 4100)] }).DifferencesFrom(Before));

    [Fact]
    public void A_container_that_was_exchanged_restarted_stopped_or_removed_is_a_difference()
    {
        Assert.Equal(["shop-api-1 is another container"], Differences(Api with { Id = "a2", StartedAt = Start.AddMinutes(1) }));
        Assert.Equal(["shop-api-1 was started at 09:01:00 UTC"], Differences(Api with { StartedAt = Start.AddMinutes(1) }));
        Assert.Equal(["shop-api-1 was running, and is exited"], Differences(Api with { State = "exited" }));
        Assert.Equal(["the container shop-api-1 is gone"], Differences());
        Assert.Equal(["there is a new container shop-api-2"], Differences(Api, Api with { Name = "shop-api-2", Id = "a2" }));
    }

    [Fact]
    public void An_env_file_or_a_revision_that_changed_is_a_difference()
    {
        var after = Before with { Files = new Dictionary<string, string> { ["/srv/shop/.env"] = "11ff" }, Revisions = null };

        Assert.Equal(["/srv/shop/.env has changed", "the database was at d18e, and is at an unknown revision"], after.DifferencesFrom(Before));
    }

    private static IReadOnlyList<string> Differences(params ContainerFacts[] containers) => (Before with { Containers = containers }).DifferencesFrom(Before);
}
