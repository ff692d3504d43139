using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>The emergency strategy Downgrade, by the program itself on a real stack: what it asks for, what it does, and what it leaves.</summary>
[Tier(Tier.Default)]
[Collection("lab")]
public sealed class DowngradeTests(LabFixture lab)
{
    private readonly Production _production = new(lab);

    [Fact(Timeout = 900_000)]
    public async Task A_breaking_migration_is_undone_as_rehearsed_and_a_plain_up_changes_nothing_afterwards()
    {
        await BringAsync(Production.Breaking);
        var bookings = await _production.BookingsAsync();

        var downgrade = await _production.RunAsync(Production.Rollback(Production.Good, "Downgrade", "--accept-data-loss"));

        Assert.True(downgrade.ExitCode == 0, downgrade.ToString());
        Assert.Equal(("Done", "Downgrade", "INC-42"), (downgrade.Text("outcome"), downgrade.Text("strategy"), downgrade.Text("incident")));
        Assert.Equal((Production.Breaking, Production.Good), (downgrade.Text("from", "tag"), downgrade.Text("to", "tag")));
        Assert.Equal(Production.GoodRevision, await _production.RevisionAsync());
        Assert.Equal([Production.BreakingRevision], Revisions(downgrade, "before"));
        Assert.Equal([Production.GoodRevision], Revisions(downgrade, "after"));
        await _production.AssertRunsAsync(Production.Good);
        var (status, payload) = await lab.ReadyAsync(200);
        Assert.Equal(200, status);
        Assert.True(LabFixture.Check(payload, "migrations").GetProperty("detail").GetProperty("migrations_current").GetBoolean());
        Assert.Equal(bookings, await _production.BookingsAsync());
        Assert.Equal("Restore", downgrade.Text("backup", "level"));
        Assert.Equal(
            ["Preflight", "Backup", "VerifyBackup", "Rehearse", "DowngradeDatabase", "RollbackApp", "Verify"],
            downgrade.Json["steps"]!.AsArray().Select(step => step!["name"]!.ToString()));
        Assert.Contains("with the schema that the rehearsal ended in", downgrade.Said, StringComparison.Ordinal);
        // Looked at while the release that was left still ran: nobody waits for it once it is stopped.
        Assert.Contains("before: ", downgrade.Json["checks"]!.AsArray().Single(check => check!["name"]!.ToString() == "error rate")!["found"]!.ToString(), StringComparison.Ordinal);
        await _production.AssertNothingLeftAsync();

        var after = await _production.SnapshotAsync();
        await _production.UpAsync();
        Assert.Equal(after, await _production.SnapshotAsync());
    }

    [Refuses("emergency")]
    [Fact(Timeout = 900_000)]
    public async Task Without_what_an_emergency_wants_all_that_is_missing_is_named_at_once_and_no_backup_is_taken()
    {
        await BringAsync(Production.Breaking);
        var before = await _production.SnapshotAsync();

        var bare = await _production.RunAsync("Rollback", "--tag", Production.Good, "--strategy", "Downgrade");
        var own = await _production.RunAsync(
            "Rollback", "--tag", Production.Good, "--strategy", "Downgrade", "--incident", "INC-42", "--approved-by", $" {Runback.Runbook.Runs.Operator.Current.ToUpperInvariant()}", "--accept-downtime", "--accept-data-loss");

        Assert.True((bare.ExitCode, own.ExitCode) == (3, 3), $"{bare}\n{own}");
        Assert.Equal("Refused", bare.Text("outcome"));
        bare.AssertRefusedBy("emergency");
        Assert.All(["--incident", "--approved-by", "--accept-downtime", "--accept-data-loss"], option => Assert.Contains(option, bare.Complaint, StringComparison.Ordinal));
        Assert.Contains("--approved-by another person", own.Complaint, StringComparison.Ordinal);
        Assert.All(["--incident", "--accept-downtime", "--accept-data-loss"], option => Assert.DoesNotContain(option, own.Complaint, StringComparison.Ordinal));
        Assert.Equal(before, await _production.SnapshotAsync());
        await _production.AssertNothingLeftAsync();
    }

    [Refuses("downgrade")]
    [Fact(Timeout = 900_000)]
    public async Task A_downgrade_that_raises_is_refused_with_its_line()
    {
        await BringAsync(Production.Raising);
        var before = await _production.SnapshotAsync();
        var file = Directory.EnumerateFiles(Path.Combine(lab.Options.Sources, "releases", Production.Raising, "alembic", "versions"), "e6b40d8a2f17*.py").Single();
        var line = Array.FindIndex(File.ReadAllLines(file), text => text.Contains("raise ", StringComparison.Ordinal)) + 1;

        var downgrade = await _production.RunAsync(Production.Rollback(Production.Good, "Downgrade", "--accept-data-loss"));

        Assert.True(downgrade.ExitCode == 3, downgrade.ToString());
        downgrade.AssertRefusedBy("downgrade");
        Assert.Contains($"{Path.GetFileName(file)}:{line}", downgrade.Complaint, StringComparison.Ordinal);
        Assert.Contains("--strategy Restore", downgrade.Complaint, StringComparison.Ordinal);
        Assert.Equal(before, await _production.SnapshotAsync());
    }

    private async Task BringAsync(string release) => await _production.BringAsync(release, migratedBy: release);

    private static IEnumerable<string> Revisions(Ended ended, string when) => ended.Json["database"]![when]!.AsArray().Select(revision => revision!.ToString());
}
