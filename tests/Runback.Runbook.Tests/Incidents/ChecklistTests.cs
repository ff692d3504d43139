using System.Text.Json.Nodes;
using Runback.Runbook.Backups;
using Runback.Runbook.Incidents;
using Runback.Runbook.Migrations;

namespace Runback.Runbook.Tests.Incidents;

public sealed class ChecklistTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly ChecklistFacts Full = new()
    {
        Strategy = "Downgrade",
        Incident = "team/api#7",
        IncidentUrl = new Uri("https://github.com/team/api/issues/7"),
        BackupFile = "/srv/backups/pg_shop_20260102T030400Z.dump",
        BackupAt = At,
        BackupBytes = 821_000_000,
        VerifiedLevel = VerifyLevel.Restore,
        VerifiedAt = At,
        Verdict = Verdict.Breaking,
        VerdictReasons = ["drop_column: bookings.status"],
        ReadinessFailures = ["migrations"],
        Reason = "the fix needs a day",
        Channels = 1,
        Announcements = [new("slack https://hooks.example/…", Moment.Start, true, "sent", 1, At)],
    };

    [Fact]
    public void Every_line_of_the_runbook_is_answered_by_what_was_observed()
    {
        var checklist = Checklist.Of(Full);
        Assert.Equal(
            ["Incident declared", "Backup taken", "Backup verified", "Impact assessed", "Forward-fix evaluated", "Stakeholders notified"], checklist.Lines.Select(line => line.Title));
        Assert.All(checklist.Lines, line => Assert.Equal(ChecklistState.Answered, line.State));
        Assert.Equal(
            [
                "team/api#7", "pg_shop_20260102T030400Z.dump, 2026-01-02 03:04:05 UTC, 821.0 MB", "verified to Restore at 2026-01-02 03:04:05 UTC",
                "database: readiness fails at migrations; the migrations are Breaking: drop_column: bookings.status", "not feasible: the fix needs a day",
                "slack https://hooks.example/… at 03:04:05 UTC",
            ],
            checklist.Lines.Select(line => line.Evidence));
        Assert.Empty(checklist.Blocking);
    }

    [Fact]
    public void A_restore_names_the_point_beside_the_backup_that_was_taken_first()
    {
        var checklist = Checklist.Of(Full with { Strategy = "Restore", RestorePoint = "/srv/backups/pg_shop_20260101T000000Z.dump" });
        Assert.StartsWith("pg_shop_20260102T030400Z.dump", checklist.Lines.Single(line => line.Item == ChecklistItem.BackupTaken).Evidence, StringComparison.Ordinal);
        Assert.Equal("verified to Restore at 2026-01-02 03:04:05 UTC; the restore point is pg_shop_20260101T000000Z.dump", checklist.Lines.Single(line => line.Item == ChecklistItem.BackupVerified).Evidence);
    }

    [Fact]
    public void Nothing_known_is_nothing_answered_and_each_line_says_what_to_do()
    {
        var checklist = Checklist.Of(new ChecklistFacts { Strategy = "Restore" });
        Assert.All(checklist.Lines, line => Assert.Equal((ChecklistState.Missing, true), (line.State, line.Hint is not null)));
        Assert.Equal([ChecklistItem.Incident, ChecklistItem.BackupVerified], checklist.Blocking.Select(line => line.Item));
    }

    [Theory]
    [InlineData("Downgrade", VerifyLevel.Decode, ChecklistState.Missing)]
    [InlineData("Restore", VerifyLevel.Decode, ChecklistState.Missing)]
    [InlineData("Restore", VerifyLevel.Restore, ChecklistState.Answered)]
    [InlineData("AppOnly", VerifyLevel.Decode, ChecklistState.Answered)]
    [InlineData("AppOnly", VerifyLevel.Checksum, ChecklistState.Missing)]
    [InlineData("ForwardFix", VerifyLevel.Checksum, ChecklistState.Answered)]
    public void How_deep_a_backup_must_be_verified_depends_on_the_strategy(string strategy, VerifyLevel level, ChecklistState state) =>
        Assert.Equal(state, Line(Full with { Strategy = strategy, VerifiedLevel = level }, ChecklistItem.BackupVerified).State);

    [Fact]
    public void What_was_tried_and_failed_is_failed_and_not_missing()
    {
        var facts = Full with
        {
            BackupFile = null,
            BackupFailure = "disk full",
            VerifyFailure = "checksum differs",
            Announcements = [new("slack x", Moment.Start, false, "answered 404", 1, At)],
        };
        foreach (var item in new[] { ChecklistItem.BackupTaken, ChecklistItem.BackupVerified, ChecklistItem.Stakeholders })
            Assert.Equal(ChecklistState.Failed, Line(facts, item).State);
        Assert.Contains("slack x: not told: answered 404", Line(facts, ChecklistItem.Stakeholders).Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void One_channel_that_was_reached_answers_and_the_silent_one_is_named()
    {
        var facts = Full with { Announcements = [.. Full.Announcements, new("teams y", Moment.Start, false, "no answer", 3, At)] };
        var line = Line(facts, ChecklistItem.Stakeholders);
        Assert.Equal((ChecklistState.Answered, "slack https://hooks.example/… at 03:04:05 UTC; not told: teams y"), (line.State, line.Evidence));
    }

    [Theory]
    [InlineData(null, null, 0, null, null, ImpactKind.Unknown)]
    [InlineData(Verdict.Additive, "", 0, null, null, ImpactKind.Application)]
    [InlineData(Verdict.Additive, null, 0, null, null, ImpactKind.Unknown)]
    [InlineData(Verdict.Additive, "", 1, null, null, ImpactKind.Application)]
    [InlineData(Verdict.Breaking, "", 0, null, null, ImpactKind.Database)]
    [InlineData(Verdict.Unknown, "", 0, null, null, ImpactKind.Database)]
    [InlineData(Verdict.Additive, "db", 0, null, null, ImpactKind.Database)]
    [InlineData(Verdict.Additive, "jobs", 0, null, null, ImpactKind.Application)]
    [InlineData(Verdict.Breaking, "jobs", 0, null, null, ImpactKind.Both)]
    [InlineData(null, "", 0, 0.2, 0.001, ImpactKind.Application)]
    [InlineData(null, "", 0, 0.2, 0.15, ImpactKind.Unknown)]
    [InlineData(null, "", 0, 0.005, 0.0, ImpactKind.Unknown)]
    public void Impact_is_judged_from_evidence(Verdict? verdict, string? failing, int unhealthy, double? rate, double? usual, ImpactKind kind) => Assert.Equal(kind, Impact.Of(new ChecklistFacts
    {
        Verdict = verdict,
        ReadinessFailures = failing is null ? null : failing.Length == 0 ? [] : [failing],
        UnhealthyServices = unhealthy == 0 ? [] : ["api"],
        ErrorRate = rate,
        UsualErrorRate = usual,
    }).Kind);

    [Fact]
    public void The_text_says_yes_missing_or_failed_and_what_to_do()
    {
        var lines = ChecklistText.Lines(Checklist.Of(Full with { Incident = null, VerifyFailure = "checksum\u001b[2J differs" })).ToList();
        Assert.Equal("missing Incident declared      none was given (required)", lines[0]);
        Assert.Equal("                               hint: declare one, and name it with --incident", lines[1]);
        Assert.Equal("yes     Backup taken           pg_shop_20260102T030400Z.dump, 2026-01-02 03:04:05 UTC, 821.0 MB", lines[2]);
        Assert.Equal("FAILED  Backup verified        checksum·[2J differs (required)", lines[3]);
    }

    [Fact]
    public void The_document_has_the_names_that_were_promised()
    {
        var lines = JsonNode.Parse(Checklist.Of(Full).ToJson())!["lines"]!.AsArray();
        Assert.Equal(6, lines.Count);
        Assert.Equal(["item", "title", "state", "evidence", "required", "hint", "link"], lines[0]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(("Incident", "Answered"), (lines[0]!["item"]!.GetValue<string>(), lines[0]!["state"]!.GetValue<string>()));
    }

    private static ChecklistLine Line(ChecklistFacts facts, ChecklistItem item) => Checklist.Of(facts).Lines.Single(line => line.Item == item);
}
