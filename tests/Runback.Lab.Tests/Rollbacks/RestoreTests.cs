using Runback.Lab.Tests.Lab;
using Runback.Runbook.Processes;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>The strategy Restore, by the program itself on a real stack: a backup takes the database's place, and the way back.</summary>
[Collection("lab")]
public sealed class RestoreTests(LabFixture lab) : IDisposable
{
    private readonly Production _production = new(lab);
    private readonly string _backups = Directory.CreateTempSubdirectory("runback-points-").FullName;

    public void Dispose() => Directory.Delete(_backups, recursive: true);

    [Tier(Tier.Default)]
    [Fact(Timeout = 400_000)]
    public async Task A_backup_takes_the_place_of_the_database_and_what_came_after_it_is_kept_named_and_returned_to()
    {
        await BackUpGoodAndBreakAsync();
        var late = await _production.BookAsync("1 Late Lane, booked after the backup");
        var bookings = await _production.BookingsAsync();

        var restore = await _production.RunAsync(Restore("--accept-data-loss"));

        Assert.True(restore.ExitCode == 0, restore.ToString());
        Assert.Equal(("Done", "Restore"), (restore.Text("outcome"), restore.Text("strategy")));
        var kept = $"cleaning_before_{restore.Text("run")}";
        Assert.Equal(Production.GoodRevision, await _production.RevisionAsync());
        await _production.AssertRunsAsync(Production.Good);
        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        Assert.Equal("0", await lab.QueryAsync($"SELECT count(*) FROM bookings WHERE id = {late}"));
        Assert.Contains(restore.Json["kept"]!.AsArray(), entry => entry!.ToString().Contains(kept, StringComparison.Ordinal));
        await _production.AssertNothingLeftAsync(kept);
        await AssertTakesAsync(restore, late);
        // Whoever was given the late booking's number must never see another one under it.
        Assert.True(await _production.BookAsync("2 New Lane") > late);
        var after = await _production.SnapshotAsync();
        await _production.UpAsync();
        Assert.Equal(after, await _production.SnapshotAsync());

        var back = await _production.RunAsync("Return");

        Assert.True(back.ExitCode == 0, back.ToString());
        await _production.AssertRunsAsync(Production.Breaking);
        Assert.Equal(Production.BreakingRevision, await _production.RevisionAsync());
        Assert.Equal(bookings, await _production.BookingsAsync());
        await _production.AssertNothingLeftAsync($"cleaning_restored_{restore.Text("run")}");
        await lab.DeployFreshAsync(Production.Breaking);
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 400_000)]
    public async Task With_a_fitting_backup_restore_is_among_the_choices_with_what_came_after_it()
    {
        await BackUpGoodAndBreakAsync();
        await _production.BookAsync("3 Later Lane");
        var before = await _production.SnapshotAsync();

        var auto = await _production.RunAsync("Rollback", "--tag", Production.Good, "--backup-directory", _backups);

        Assert.True(auto.ExitCode == 3, auto.ToString());
        var choice = ChoicesTests.Choice(auto, "Restore");
        Assert.True(choice["isOpen"]!.GetValue<bool>(), choice.ToJsonString());
        Assert.Contains("bookings: 1 rows", choice["loss"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("--strategy Restore", choice["command"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, await _production.SnapshotAsync());
    }

    [Tier(Tier.Default)]
    [Refuses("restore point")]
    [Fact(Timeout = 400_000)]
    public async Task Without_a_backup_that_fits_nothing_is_changed()
    {
        await BackUpGoodAndBreakAsync();
        var dump = Directory.EnumerateFiles(_backups, "*.dump").Single();
        var before = await _production.SnapshotAsync();

        var empty = Directory.CreateDirectory(Path.Combine(_backups, "empty")).FullName;
        var none = await _production.RunAsync(Production.Rollback(Production.Good, "Restore", "--accept-data-loss", "--backup-directory", empty));
        Assert.True(none.ExitCode == 3, none.ToString());
        none.AssertRefusedBy("restore point");
        Assert.Contains("expected dumps of cleaning", none.Complaint, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(empty));

        var facts = File.ReadAllText(dump + ".json");
        File.WriteAllText(dump + ".json", facts.Replace(Production.GoodRevision, "c05a7de4186f", StringComparison.Ordinal));
        var older = await _production.RunAsync(Restore("--accept-data-loss", "--point", Path.GetFileName(dump)));
        Assert.True(older.ExitCode == 3, older.ToString());
        Assert.Contains("c05a7de4186f", older.Complaint, StringComparison.Ordinal);
        File.WriteAllText(dump + ".json", facts);

        using (var cut = new FileStream(dump, FileMode.Open))
            cut.SetLength(cut.Length * 6 / 10);
        var truncated = await _production.RunAsync(Restore("--accept-data-loss", "--point", dump));
        Assert.True(truncated.ExitCode == 3, truncated.ToString());
        Assert.Contains(Path.GetFileName(dump), truncated.Complaint, StringComparison.Ordinal);

        Assert.Equal(before, await _production.SnapshotAsync());
        await _production.AssertNothingLeftAsync();
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 400_000)]
    public async Task When_the_release_does_not_get_ready_on_the_backup_the_databases_are_swapped_back()
    {
        await BackUpGoodAndBreakAsync();
        var late = await _production.BookAsync("4 Last Lane");
        var bookings = await _production.BookingsAsync();

        var restore = await _production.RunAsync(
            Production.Rollback(Production.NeverReady, "Restore", "--accept-data-loss", "--backup-directory", _backups, "--health-timeout", "12"));

        // Its api alone passes in the rehearsal, where workers never start: it waits for their heartbeat.
        Assert.True(restore.ExitCode == 4, restore.ToString());
        Assert.Equal("Returned", restore.Text("outcome"));
        Assert.Contains("readiness", restore.Complaint, StringComparison.Ordinal);
        await _production.AssertRunsAsync(Production.Breaking);
        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        Assert.Equal(Production.BreakingRevision, await _production.RevisionAsync());
        Assert.Equal(bookings, await _production.BookingsAsync());
        Assert.True(await _production.BookAsync("5 Next Lane") > late);
        // Nobody of the release that failed wrote any more when the databases changed places.
        Assert.Matches(@"(?s)ReturnIfWorse.*stop[^\n]* jobs\n.*pg_terminate_backend.*going back", restore.Said);
        var aside = $"cleaning_restored_{restore.Text("run")}";
        Assert.Contains(restore.Json["kept"]!.AsArray(), entry => entry!.ToString().Contains(aside, StringComparison.Ordinal));
        Assert.DoesNotContain("cleaning_before_", string.Join('\n', restore.Json["kept"]!.AsArray().Select(entry => entry!.ToString())), StringComparison.Ordinal);
        await _production.AssertNothingLeftAsync(aside);
        Assert.Equal("[]", (await _production.RunAsync("Status")).Json["unfinishedRuns"]!.ToJsonString());
    }

    private string[] Restore(params string[] more) => Production.Rollback(Production.Good, "Restore", ["--backup-directory", _backups, .. more]);

    private async Task BackUpGoodAndBreakAsync()
    {
        await lab.DeployFreshAsync(Production.Good);
        var backup = await _production.RunAsync("Backup", "--backup-directory", _backups);
        Assert.True(backup.ExitCode == 0, backup.ToString());
        await _production.DeployAsync(Production.Breaking);
    }

    // The line for the table, pasted into a shell, writes the late booking and nothing else.
    private static async Task AssertTakesAsync(Ended restore, long late)
    {
        var table = restore.Json["rowsSince"]!["tables"]!.AsArray().Single(each => each!["table"]!.ToString() == "bookings")!;
        Assert.Equal(1, table["since"]!.GetValue<long>());
        var line = table["takeCommand"]!.ToString();
        Assert.Contains(line, restore.Said, StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("runback-take-");
        try
        {
            await Shell.Quiet.ReadAsync(new Command("sh", "-c", line) { WorkingDirectory = folder.FullName }, TestContext.Current.CancellationToken);
            var row = Assert.Single(await File.ReadAllLinesAsync(folder.EnumerateFiles().Single().FullName, TestContext.Current.CancellationToken));
            Assert.StartsWith($"{late}\t", row, StringComparison.Ordinal);
            Assert.Contains("1 Late Lane, booked after the backup", row, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
