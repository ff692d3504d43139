using Runback.Lab.Tests.Backups;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;

namespace Runback.Lab.Tests.Engines;

/// <summary>A deployment's container goes without what it wrote; a run's own goes with it.</summary>
[Collection(nameof(ProductionDatabase))]
public sealed class ContainerRemovalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Tier(Tier.Default)]
    [Theory(Timeout = 240_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Volumes_without_a_name_stay_unless_the_container_is_the_run_s_own(bool own)
    {
        var id = await DockerAsync("create", "--volume", "/kept", ProductionDatabase.Image);
        var volumes = (await DockerAsync("inspect", "--format", "{{range .Mounts}}{{.Name}} {{end}}", id)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(volumes);
        try
        {
            Assert.True(own ? await EngineApi.Shared.RemoveAsync(id, Cancellation) : await EngineApi.Shared.RemoveKeepingVolumesAsync(id, force: true, Cancellation));
            Assert.Null(await EngineApi.Shared.ContainerAsync(id, Cancellation));
            var there = (await DockerAsync("volume", "ls", "--quiet")).Split('\n');
            Assert.All(volumes, volume => Assert.Equal(!own, there.Contains(volume)));
        }
        finally
        {
            await Shell.Quiet.TryAsync(new Command("docker", "volume", "rm", "--force").With(volumes), CancellationToken.None);
        }
    }

    private static async Task<string> DockerAsync(params string[] arguments) => (await Shell.Quiet.ReadAsync(new Command("docker", arguments), Cancellation)).Trim();
}
