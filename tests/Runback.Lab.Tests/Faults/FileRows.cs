namespace Runback.Lab.Tests.Faults;

/// <summary>The env file is written by others, read-only or written oddly; the run folder is full or gone.</summary>
internal static class FileRows
{
    private const string Somebody = "# somebody was here\n";

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new(Tier.Thorough, "the env file can't be replaced", Scene.AppOnly, Moment.Start, new(FaultKind.EnvFileFixed, Prepare: trial => ReadOnlyAsync(trial.Production.EnvFile), Mend: trial => WritableAsync(trial.Production.EnvFile)), 4),
        new(Tier.Thorough, "somebody writes into the env file while the backup is taken", Scene.AppOnly, Moment.Begun("pg_dump"), new(FaultKind.EnvFileEdited, Strike: WriteAsync), 0),
        new(Tier.Thorough, "the env file has Windows line ends, quotes, comments and a key twice", Scene.AppOnly, Moment.Start, new(FaultKind.EnvFileOdd, Prepare: OddAsync), 0) { More = ["--accept-drift"] },
        new(Tier.Thorough, "the disk of the run folder fills up when the release is pinned", Scene.AppOnly, Moment.Begun("sed -i"), new(FaultKind.RunFolderFull, Prepare: SmallAsync, Strike: FillAsync, Mend: RoomAsync), 0) { HasNoEnd = true },
        new(Tier.Thorough, "the run folder is removed while the backup is taken", Scene.AppOnly, Moment.Begun("pg_dump"), new(FaultKind.RunFolderGone, Strike: RemoveAsync), 0, 4, 5),
        new(Tier.Thorough, "the ledger of releases can't be written", Scene.AppOnly, Moment.Start, new(FaultKind.LedgerRefused, Prepare: trial => ReadOnlyAsync(Ledger(trial)), Mend: trial => WritableAsync(Ledger(trial))), 0) { Also = (_, ended) => WarnsAsync(ended, "the ledger of releases can't be written") },
        new(Tier.Thorough, "the run folder can't be made", Scene.AppOnly, Moment.Start, new(FaultKind.RunFolderRefused, Prepare: FileInsteadAsync, Mend: FolderAgainAsync), 3),
    ];

    private static string Ledger(Trial trial) => Path.Combine(trial.Production.Folder, ".runback", "releases.jsonl");

    private static Task WarnsAsync(Rollbacks.Ended ended, string part)
    {
        Assert.Contains(part, ended.Said, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    private static async Task ReadOnlyAsync(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.AppendAllTextAsync(file, "");
        await Trial.ShellAsync("mount", "--bind", file, file);
        await Trial.ShellAsync("mount", "-o", "remount,bind,ro", file);
    }

    private static async Task WritableAsync(string file) => await Trial.ShellAsync("umount", "--lazy", file);

    private static Task WriteAsync(Trial trial)
    {
        File.AppendAllText(trial.Production.EnvFile, Somebody);
        trial.EnvBefore += Somebody;
        return Task.CompletedTask;
    }

    private static Task OddAsync(Trial trial)
    {
        var odd = trial.EnvBefore.Replace("EXPORT_MODE=webhook", "EXPORT_MODE=\"webhook\" # since spring\nODD='a b'", StringComparison.Ordinal)
            .Replace("IMAGE_TAG=", "# the release: IMAGE_TAG\nIMAGE_TAG=of-long-ago\nTWICE=1\nTWICE=2\nIMAGE_TAG=", StringComparison.Ordinal)
            .Replace("\n", "\r\n", StringComparison.Ordinal);
        trial.With(new EnvFileAsItWas(trial.Production.EnvFile, trial.EnvBefore));
        trial.EnvBefore = odd;
        File.WriteAllText(trial.Production.EnvFile, odd);
        return Task.CompletedTask;
    }

    private static async Task SmallAsync(Trial trial) => trial.Disk = trial.With(await SmallDisk.MountAsync(trial.Runs, "4m"));

    private static Task FillAsync(Trial trial)
    {
        trial.Disk!.Fill();
        return Task.CompletedTask;
    }

    private static Task RoomAsync(Trial trial)
    {
        File.Delete(Path.Combine(trial.Runs, "filler"));
        return Task.CompletedTask;
    }

    private static Task RemoveAsync(Trial trial)
    {
        Directory.Delete(trial.Journal.Folder!, recursive: true);
        return Task.CompletedTask;
    }

    private static Task FileInsteadAsync(Trial trial)
    {
        Directory.CreateDirectory(trial.Runs);
        Directory.Move(trial.Runs, trial.Runs + ".kept");
        File.WriteAllText(trial.Runs, "");
        return Task.CompletedTask;
    }

    private static Task FolderAgainAsync(Trial trial)
    {
        File.Delete(trial.Runs);
        Directory.Move(trial.Runs + ".kept", trial.Runs);
        return Task.CompletedTask;
    }

    // The other rows write the env file plainly; the pin that the row ended with stays.
    private sealed class EnvFileAsItWas(string file, string text) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            var pin = new Runback.Runbook.Deployments.EnvFile(await File.ReadAllTextAsync(file))["IMAGE_TAG"]!;
            await File.WriteAllTextAsync(file, new Runback.Runbook.Deployments.EnvFile(text).Set("IMAGE_TAG", pin).Text);
        }
    }
}
