using Runback.Lab.Tests.Rollbacks;

namespace Runback.Lab.Tests.Faults;

/// <summary>The database restarts, is full, is read-only or locked; the backup folder is full; a dump isn't what it was.</summary>
internal static class DatabaseRows
{
    private const string Application = "runback-fault";

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new(Tier.Thorough, "the database is restarted while it is dumped", Scene.AppOnly, Moment.Begun("pg_dump"), Restart, 0, 4),
        new(Tier.Thorough, "the database is restarted while a backup is restored beside it", Scene.Restore, Moment.Begun("pg_restore"), Restart, 1, 3),
        new(Tier.Thorough, "the database has no connection left", Scene.AppOnly, Moment.Start, new(FaultKind.DatabaseFull, Prepare: ExhaustAsync, Mend: FreeAsync), 3),
        new(Tier.Thorough, "the database turned read-only", Scene.AppOnly, Moment.Start, new(FaultKind.DatabaseReadOnly, Prepare: trial => DefaultAsync(trial, "on"), Mend: trial => DefaultAsync(trial, "off")), 0, 4, 5) { MayBeDown = true },
        new(Tier.Thorough, "the database is slow: it gets a twentieth of a processor", Scene.AppOnly, Moment.Start, new(FaultKind.DatabaseSlow, Prepare: trial => ProcessorsAsync(trial, "0.05"), Mend: trial => ProcessorsAsync(trial, "2")), 0, 3, 4),
        new(Tier.Thorough, "somebody sets the database's revision back while the release is verified", Scene.AppOnly, Moment.Step("Verify"), new(FaultKind.RevisionMoved, Strike: SetBackAsync, Mend: SetForthAsync), 4, 5) { More = ["--settle-time", "6"] },
        new(Tier.Thorough, "another session holds a table when a downgrade wants to change it", Scene.Downgrade, Moment.Start, new(FaultKind.TableLocked, Prepare: LockAsync, Mend: FreeAsync), 4) { Also = NamesHolderAsync },
        new(Tier.Thorough, "the disk for the backups is full", Scene.AppOnly, Moment.Start, new(FaultKind.BackupDiskFull, Prepare: FullBackupsAsync, Mend: trial => trial.Disk!.UnmountAsync()), 3),
        new(Tier.Thorough, "a dump is cut after it was verified and before a restore reads it", Scene.Restore, Moment.Stepped("Rehearse"), Spoiling(bytes => bytes[..(bytes.Length * 6 / 10)]), 3),
        new(Tier.Thorough, "a byte of a dump flips after it was verified and before a restore reads it", Scene.Restore, Moment.Stepped("Rehearse"), Spoiling(Flip), 3),
        new(Tier.Thorough, "a dump is replaced after it was verified and before a restore reads it", Scene.Restore, Moment.Stepped("Rehearse"), new(FaultKind.DumpSpoilt, Strike: ReplaceAsync, Mend: PutBackAsync), 3),
        new(Tier.Thorough, "a dump vanishes after it was verified and before a restore reads it", Scene.Restore, Moment.Stepped("Rehearse"), new(FaultKind.DumpSpoilt, Strike: RemoveAsync, Mend: PutBackAsync), 3),
        new(Tier.Thorough, "a dump is replaced after it was announced and before a rehearsal reads it", Scene.Restore, Moment.Stepped("Preflight"), new(FaultKind.DumpSpoilt, Strike: ReplaceAsync, Mend: PutBackAsync), 3),
    ];

    /// <summary>The server ends at once and comes back.</summary>
    public static Fault Restart => new(FaultKind.DatabaseRestarted, Strike: RestartAsync);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task RestartAsync(Trial trial) => await Trial.ShellAsync("docker", "restart", "--time", "0", $"{trial.Lab.Options.Name}-db-1");

    // Idle sessions of a client whose input stays open: when it is closed they end at once.
    private static async Task ExhaustAsync(Trial trial)
    {
        await InDatabaseAsync(trial, $"rm -f /tmp/hold /tmp/free; mkfifo /tmp/hold; for i in $(seq 60); do PGAPPNAME={Application} psql -qX -U postgres postgres < /tmp/hold > /dev/null 2>&1 & done; exec 3> /tmp/hold; while [ ! -e /tmp/free ]; do sleep 0.3; done");
        while (!(await trial.Lab.InDatabaseAsync("psql", "-U", "postgres", "-c", "SELECT 1")).Complaint.Contains("too many clients", StringComparison.Ordinal))
            await Task.Delay(200, Cancellation);
    }

    // A dump gets by such a lock, a change of the table doesn't. Whoever ends the session meets the next one a second later.
    private static async Task LockAsync(Trial trial)
    {
        await InDatabaseAsync(trial, $"rm -f /tmp/free; while [ ! -e /tmp/free ]; do PGAPPNAME={Application} psql -U postgres -d cleaning -qc 'BEGIN; LOCK TABLE bookings IN ACCESS SHARE MODE; SELECT pg_sleep(600)'; sleep 1; done");
        while (await trial.Lab.QueryAsync($"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{Application}'") == "0")
            await Task.Delay(100, Cancellation);
    }

    private static Task NamesHolderAsync(Trial trial, Ended ended)
    {
        Assert.All(["lock timeout", $"still at {Production.BreakingRevision}", Application], part => Assert.Contains(part, ended.Complaint, StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    private static async Task FreeAsync(Trial trial)
    {
        await trial.Lab.InDatabaseAsync("touch", "/tmp/free");
        string left;
        do
        {
            await Task.Delay(300, Cancellation);
            left = await trial.Lab.QueryAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{Application}'");
        }
        while (left != "0");
        // A loop that slept gets one more session; it ends with it.
        await Task.Delay(1_200, Cancellation);
        await trial.Lab.QueryAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{Application}'");
    }

    private static async Task InDatabaseAsync(Trial trial, string script)
    {
        var started = await trial.Lab.Compose("exec", "--detach", "db", "bash", "-c", script);
        Assert.True(started.Succeeded, started.Complaint);
    }

    // The sessions that the application has are as they were; every new one can't write.
    private static async Task DefaultAsync(Trial trial, string value) => await trial.Lab.InDatabaseAsync("psql", "-U", "postgres", "-d", "postgres",
        "-c", $"ALTER DATABASE cleaning SET default_transaction_read_only = {value}",
        "-c", value == "on" ? "SELECT 1" : "ALTER DATABASE cleaning RESET default_transaction_read_only",
        "-c", value == "on" ? "SELECT 1" : "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'cleaning'");

    private static async Task ProcessorsAsync(Trial trial, string count) => await Trial.ShellAsync("docker", "update", "--cpus", count, $"{trial.Lab.Options.Name}-db-1");

    // Both releases find migrations missing then.
    private static Task SetBackAsync(Trial trial) => SetRevisionAsync(trial, Release.All.Single(release => release.Tag == Scene.Older.To).Heads.Single());

    private static Task SetForthAsync(Trial trial) => SetRevisionAsync(trial, Production.KeptRevision);

    private static async Task SetRevisionAsync(Trial trial, string revision) => await trial.Lab.QueryAsync($"UPDATE alembic_version SET version_num = '{revision}'");

    private static async Task FullBackupsAsync(Trial trial) => trial.Disk = trial.With(await SmallDisk.MountAsync(trial.Production.Backups, "100k"));

    private static Fault Spoiling(Func<byte[], byte[]> spoil) => new(
        FaultKind.DumpSpoilt,
        Strike: trial =>
        {
            Keep(trial);
            File.WriteAllBytes(trial.Lab.Point!, spoil(File.ReadAllBytes(trial.Lab.Point!)));
            return Task.CompletedTask;
        },
        Mend: PutBackAsync);

    private static byte[] Flip(byte[] bytes)
    {
        bytes[bytes.Length * 2 / 3] ^= 0x10;
        return bytes;
    }

    // Another dump of the same release under the same name, whole and with a checksum that fits it.
    private static async Task ReplaceAsync(Trial trial)
    {
        Keep(trial);
        foreach (var suffix in new[] { "", ".json" })
            File.Copy(trial.Lab.OtherPoint + suffix, trial.Lab.Point + suffix, overwrite: true);
        var sum = (await File.ReadAllTextAsync(trial.Lab.OtherPoint + ".sha256", Cancellation)).Split(' ')[0];
        await File.WriteAllTextAsync(trial.Lab.Point + ".sha256", $"{sum}  {Path.GetFileName(trial.Lab.Point)}\n", Cancellation);
    }

    private static Task RemoveAsync(Trial trial)
    {
        Keep(trial);
        foreach (var suffix in new[] { "", ".json", ".sha256" })
            File.Delete(trial.Lab.Point + suffix);
        return Task.CompletedTask;
    }

    private static void Keep(Trial trial)
    {
        foreach (var suffix in new[] { "", ".json", ".sha256" })
            File.Copy(trial.Lab.Point + suffix, trial.Lab.Point + suffix + ".kept", overwrite: true);
    }

    private static Task PutBackAsync(Trial trial)
    {
        foreach (var suffix in new[] { "", ".json", ".sha256" })
        {
            if (File.Exists(trial.Lab.Point + suffix + ".kept"))
                File.Move(trial.Lab.Point + suffix + ".kept", trial.Lab.Point + suffix, overwrite: true);
        }
        return Task.CompletedTask;
    }
}
