using System.Text.RegularExpressions;
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

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 1_200_000)]
    public async Task A_backup_takes_the_place_of_the_database_and_what_came_after_it_is_kept_named_and_returned_to()
    {
        var good = await BackUpGoodAndBreakAsync();
        var late = await _production.BookAsync("1 Late Lane, booked after the backup");
        var bookings = await _production.BookingsAsync();

        var restore = await _production.RunAsync(Restore("--accept-data-loss"));

        Assert.True(restore.ExitCode == 0, restore.ToString());
        Assert.Equal(("Done", "Restore"), (restore.Text("outcome"), restore.Text("strategy")));
        var kept = $"cleaning_before_{restore.Text("run")}";
        Assert.Equal(Production.GoodRevision, await _production.RevisionAsync());
        await _production.AssertRunsAsync(Production.Good);
        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        Assert.Equal(good, await _production.BookingsAsync());
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

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 1_200_000)]
    public async Task What_was_announced_is_restored_whatever_else_fits_and_is_not_restored_again_by_the_same_command()
    {
        await lab.DeployFreshAsync(Production.Good);
        var good = await _production.BookingsAsync();
        Assert.Equal(0, (await _production.RunAsync("Backup", "--backup-directory", _backups)).ExitCode);
        var point = Directory.EnumerateFiles(_backups, "*.dump").Single();
        // No migration: what is dumped from now on fits the target as well, and holds what was spoilt.
        await _production.DeployAsync(Production.Crashing);
        await lab.QueryAsync("WITH spoilt AS (UPDATE bookings SET price_cents = 1 RETURNING 1) SELECT count(*) FROM spoilt");
        var spoilt = await _production.BookingsAsync();
        Assert.NotEqual(good, spoilt);
        var elsewhere = Directory.CreateDirectory(Path.Combine(_backups, "elsewhere")).FullName;
        Assert.Equal(0, (await _production.RunAsync("Backup", "--backup-directory", elsewhere)).ExitCode);

        var dry = await _production.RunAsync(Restore("--accept-data-loss", "--dry-run"));
        Assert.True(dry.ExitCode == 0, dry.ToString());
        Assert.Matches($@"\$ docker exec [^\n]*runback-restore-[^\n]* < {Regex.Escape(point)}\n", dry.Said);

        // It ends after the swap, with a verification that can't pass.
        Ended failed;
        using (var restore = _production.Start(Restore("--accept-data-loss", "--log-fail", ".", "--on-failure", "Stop")))
        {
            await restore.SaysAsync($"restore point: {point}");
            foreach (var file in Directory.EnumerateFiles(elsewhere))
                File.Copy(file, Path.Combine(_backups, Path.GetFileName(file)));
            failed = await restore.EndAsync();
        }
        Assert.True(failed.ExitCode == 5, failed.ToString());
        Assert.Equal(good, await _production.BookingsAsync());
        var kept = $"cleaning_before_{failed.Text("run")}";
        Assert.Equal("1", await lab.QueryAsync("SELECT string_agg(DISTINCT price_cents::text, ',') FROM bookings", kept));
        Assert.Matches($@"goes back to {Regex.Escape(point)}, [^\n]*as announced\n(?s).*RENAME TO", failed.Said);
        AssertNames(failed, point);
        Assert.Contains($"\"rollbackTo\": \"{Production.Good}\"", File.ReadAllText(failed.Text("backup", "file") + ".json"), StringComparison.Ordinal);

        var late = await _production.BookAsync("6 Since Lane");
        var since = await _production.BookingsAsync();
        var again = await _production.RunAsync(Restore("--accept-data-loss"));

        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal(("Done", "Restore", Production.Crashing, Production.Good), (again.Text("outcome"), again.Text("strategy"), again.Text("from", "tag"), again.Text("to", "tag")));
        Assert.Contains($"{Production.Good} already runs and is pinned, on the backup {Path.GetFileName(point)} that run {failed.Text("run")} put in the database's place", again.Said, StringComparison.Ordinal);
        Assert.Equal(since, await _production.BookingsAsync());
        Assert.Equal(failed.Text("run"), again.Text("restorePoint", "placedBy"));
        await _production.AssertNothingLeftAsync(kept);

        // What was put aside may be removed by then: the journal knows as well.
        await lab.QueryAsync($"DROP DATABASE \"{kept}\"", "postgres");
        var before = await _production.SnapshotAsync();
        var third = await _production.RunAsync(Restore("--accept-data-loss", "--point", point));
        Assert.True(third.ExitCode == 0, third.ToString());
        Assert.Equal(("Done", "Restore"), (third.Text("outcome"), third.Text("strategy")));
        Assert.Equal(before, await _production.SnapshotAsync());
        Assert.Equal(since, await _production.BookingsAsync());
        Assert.Equal("1", await lab.QueryAsync($"SELECT count(*) FROM bookings WHERE id = {late}"));
        await _production.AssertNothingLeftAsync();
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 1_200_000)]
    public async Task With_a_fitting_backup_restore_is_among_the_choices_with_what_came_after_it()
    {
        await BackUpGoodAndBreakAsync();
        await _production.BookAsync("3 Later Lane");
        var (before, bookings) = (await _production.SnapshotAsync(), await _production.BookingsAsync());

        var auto = await _production.RunAsync("Rollback", "--tag", Production.Good, "--backup-directory", _backups);

        Assert.True(auto.ExitCode == 3, auto.ToString());
        var choice = ChoicesTests.Choice(auto, "Restore");
        Assert.True(choice["isOpen"]!.GetValue<bool>(), choice.ToJsonString());
        Assert.Contains("bookings: 1 rows", choice["loss"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("--strategy Restore", choice["command"]!.ToString(), StringComparison.Ordinal);
        // The command restores what the page tells of, whatever is put into the folder until it is typed.
        Assert.EndsWith($" --point {Directory.EnumerateFiles(_backups, "*.dump").Order(StringComparer.Ordinal).First()}", choice["command"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal((before, bookings), (await _production.SnapshotAsync(), await _production.BookingsAsync()));
    }

    [Tier(Tier.Default)]
    [Refuses("restore point")]
    [Fact(Timeout = 1_200_000)]
    public async Task Without_a_backup_nothing_is_changed()
    {
        await _production.BringAsync(Production.Breaking, migratedBy: Production.Breaking);
        var (before, bookings) = (await _production.SnapshotAsync(), await _production.BookingsAsync());

        var none = await _production.RunAsync(Restore("--accept-data-loss"));

        Assert.True(none.ExitCode == 3, none.ToString());
        none.AssertRefusedBy("restore point");
        Assert.Contains("expected dumps of cleaning", none.Complaint, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_backups));
        Assert.Equal((before, bookings), (await _production.SnapshotAsync(), await _production.BookingsAsync()));
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 1_200_000)]
    public async Task With_a_backup_that_does_not_fit_nothing_is_changed()
    {
        await BackUpGoodAndBreakAsync();
        var dump = Directory.EnumerateFiles(_backups, "*.dump").Single();
        var (before, bookings) = (await _production.SnapshotAsync(), await _production.BookingsAsync());

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

        Assert.Equal((before, bookings), (await _production.SnapshotAsync(), await _production.BookingsAsync()));
        await _production.AssertNothingLeftAsync();
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 1_200_000)]
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

    // What the backup holds of the bookings.
    private async Task<string> BackUpGoodAndBreakAsync()
    {
        await lab.DeployFreshAsync(Production.Good);
        var bookings = await _production.BookingsAsync();
        var backup = await _production.RunAsync("Backup", "--backup-directory", _backups);
        Assert.True(backup.ExitCode == 0, backup.ToString());
        await _production.DeployAsync(Production.Breaking);
        return bookings;
    }

    // The document, the checklist and both reports name the point, which isn't the run's own dump.
    private static void AssertNames(Ended restore, string point)
    {
        Assert.Equal(point, restore.Text("restorePoint", "file"));
        Assert.StartsWith(restore.Text("restorePoint", "sha256")!, File.ReadAllText(point + ".sha256"), StringComparison.Ordinal);
        Assert.NotEqual(point, restore.Text("backup", "file"));
        var verified = restore.Json["checklist"]!["lines"]!.AsArray().Single(line => line!["item"]!.ToString() == "BackupVerified")!;
        Assert.Contains($"the restore point is {Path.GetFileName(point)}", verified["evidence"]!.ToString(), StringComparison.Ordinal);
        var report = File.ReadAllText(restore.Text("report")!);
        Assert.Matches($@"## Restore point\n(?s).*{Regex.Escape(Path.GetFileName(point))}.*## Backup\n", report);
        Assert.Contains(point, File.ReadAllText(Path.ChangeExtension(restore.Text("report")!, ".html")), StringComparison.Ordinal);
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
