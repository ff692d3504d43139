using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Lab;

/// <summary>Bringing a lab up again, and taking one down.</summary>
[Collection("lab")]
public sealed class LabStackTests(LabFixture lab)
{
    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task A_second_start_builds_nothing_exchanges_nothing_and_keeps_rows_and_release()
    {
        await lab.DeployFreshAsync("2025-12-20-rc1");
        await lab.QueryAsync("UPDATE customers SET name = 'Kept' WHERE id = 1");
        var before = await ContainersAsync();
        var said = lab.Said.ToString().Length;

        await lab.Stack.UpAsync(TestContext.Current.CancellationToken);

        Assert.Equal(before, await ContainersAsync());
        var news = lab.Said.ToString()[said..];
        Assert.DoesNotContain("building", news, StringComparison.Ordinal);
        Assert.DoesNotContain("pushed", news, StringComparison.Ordinal);
        Assert.Contains("runs 2025-12-20-rc1", news, StringComparison.Ordinal);
        Assert.Equal("Kept", await lab.QueryAsync("SELECT name FROM customers WHERE id = 1"));
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_start_after_containers_were_killed_brings_them_back_with_their_rows()
    {
        await lab.DeployFreshAsync("2025-12-15-rc1");
        await lab.QueryAsync("UPDATE customers SET name = 'Survivor' WHERE id = 2");
        await lab.Docker(["rm", "--force", .. (await ContainersAsync()).Select(container => container.Split(' ')[0])]);

        await lab.Stack.UpAsync(TestContext.Current.CancellationToken);

        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        Assert.Equal("Survivor", await lab.QueryAsync("SELECT name FROM customers WHERE id = 2"));
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task Only_what_the_deployment_runs_is_on_the_host_and_it_has_a_digest()
    {
        await lab.DeployFreshAsync("2025-12-15-rc1");

        var digests = await lab.Docker("image", "inspect", "--format", "{{join .RepoDigests \" \"}}", $"{lab.Options.Image}:2025-12-15-rc1");
        Assert.StartsWith($"{lab.Options.Image}@sha256:", digests.Single(), StringComparison.Ordinal);
        var published = await lab.Docker("ps", "--filter", $"label=com.docker.compose.project={lab.Options.Name}", "--format", "{{.Ports}}");
        Assert.All(published.Where(ports => ports.Contains("->", StringComparison.Ordinal)), ports => Assert.StartsWith("127.0.0.1:", ports, StringComparison.Ordinal));
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task Taking_a_lab_down_leaves_nothing_behind()
    {
        var options = LabFixture.For("gone", 2) with { KeepImages = false };
        var stack = new LabStack(options, Shell.Quiet);
        await stack.UpAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(await LeftoversAsync(options));

        await stack.DownAsync(TestContext.Current.CancellationToken);

        Assert.Empty(await LeftoversAsync(options));
        Assert.False(Directory.Exists(Path.GetDirectoryName(options.Directory)));
        // The other lab lives on.
        Assert.NotEmpty(await LeftoversAsync(lab.Options));
        Assert.Equal("t", await lab.QueryAsync("SELECT true"));
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 120_000)]
    public async Task A_folder_with_other_files_is_never_made_a_lab_nor_removed()
    {
        var folder = Directory.CreateTempSubdirectory("runback-lab-other-").FullName;
        var file = Path.Combine(folder, "precious.txt");
        await File.WriteAllTextAsync(file, "kept", TestContext.Current.CancellationToken);
        var options = lab.Options with { Directory = folder };
        try
        {
            Assert.Throws<RunbookException>(() => new DeploymentFolder(options).Write("db", "proxy"));
            new DeploymentFolder(options).Remove();
            Assert.True(File.Exists(file));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Task<IReadOnlyList<string>> ContainersAsync() =>
        lab.Docker("ps", "--all", "--no-trunc", "--filter", $"label=com.docker.compose.project={lab.Options.Name}", "--format", "{{.ID}} {{.Names}}");

    private async Task<IReadOnlyList<string>> LeftoversAsync(LabOptions options) =>
    [
        .. await lab.Docker("ps", "--all", "--filter", $"name={options.Name}", "--format", "container {{.Names}}"),
        .. await lab.Docker("network", "ls", "--filter", $"name={options.Name}", "--format", "network {{.Name}}"),
        .. await lab.Docker("volume", "ls", "--filter", $"name={options.Name}", "--format", "volume {{.Name}}"),
        .. await lab.Docker("image", "ls", "--filter", $"label=runback.lab.repository={options.Image}", "--format", "image {{.ID}}"),
        .. await lab.Docker("image", "ls", "--filter", $"reference={options.Image}", "--format", "image {{.ID}}"),
    ];
}
