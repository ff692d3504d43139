using Runback.Lab.Tests.Rollbacks;

namespace Runback.Lab.Tests.Faults;

/// <summary>Brings the lab onto a row's scene; what the row before left as wanted is left alone.</summary>
internal sealed class Stage(FaultsLab lab, Production production)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task SetAsync(Scene scene)
    {
        if (lab.IsSpoilt)
            await AnewAsync();
        await DropKeptAsync();
        if (scene.Arguments.Contains(Scene.Point))
            await PointAsync();
        if (scene.From == Production.Breaking && await production.RevisionAsync() == Production.GoodRevision)
            await production.DeployAsync(Production.Breaking);
        await production.BringAsync(scene.From, migratedBy: scene.From);
        lab.IsSpoilt = true;
    }

    // What a red row left must not make the next ones red.
    private async Task AnewAsync()
    {
        foreach (var container in await lab.Docker("ps", "--all", "--quiet", "--filter", $"name=^runback-lock-{lab.Options.Name}$"))
            await lab.Docker("rm", "--force", container);
        foreach (var container in await lab.Docker("ps", "--all", "--quiet", "--filter", $"label=dev.runback.deployment={lab.Options.Name}", "--filter", "label=dev.runback.scratch"))
            await lab.Docker("rm", "--force", container);
        foreach (var container in await lab.Docker("ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={lab.Options.Name}", "--filter", "label=com.docker.compose.oneoff=True"))
            await lab.Docker("rm", "--force", container);
        if (Directory.Exists(Path.Combine(production.Folder, ".runback")))
            Directory.Delete(Path.Combine(production.Folder, ".runback"), recursive: true);
        foreach (var part in Directory.EnumerateFiles(production.Backups, "*.part"))
            File.Delete(part);
        foreach (var half in Directory.EnumerateFiles(production.Folder, ".env.*.tmp"))
            File.Delete(half);
        await lab.StartDatabaseAsync();
        await lab.DeployFreshAsync(Production.Good);
        // Backups of a database that is no more say nothing of the new one.
        lab.Point = lab.OtherPoint = null;
    }

    // The databases that earlier rows' runs kept.
    private async Task DropKeptAsync() => await lab.InDatabaseAsync("sh", "-c",
        """
        for name in $(psql -U postgres -qAtXc "SELECT datname FROM pg_database WHERE datname LIKE 'cleaning\_%'"); do
          psql -U postgres -qXc "ALTER DATABASE \"$name\" ALLOW_CONNECTIONS true" -c "DROP DATABASE \"$name\" WITH (FORCE)"
        done
        """);

    // Two backups of the good release, taken once and kept where no row looks for leftovers.
    private async Task PointAsync()
    {
        if (lab.Point is { } known && File.Exists(known))
            return;
        await production.BringAsync(Production.Good, migratedBy: Production.Good);
        var folder = Directory.CreateDirectory(Path.Combine(production.Folder, "points")).FullName;
        lab.OtherPoint = await BackUpAsync(folder);
        lab.Point = await BackUpAsync(folder);
    }

    private async Task<string> BackUpAsync(string folder)
    {
        var backup = await production.RunAsync("Backup", "--backup-directory", folder);
        Assert.True(backup.ExitCode == 0, backup.ToString());
        return backup.Text("backup", "file")!;
    }
}
