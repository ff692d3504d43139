using System.Text.Json;
using Runback.Runbook.Backups;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Rules;
using Runback.Runbook.Rehearsals;
using Runback.Runbook.Rehearsals.Observation;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Rehearsals;

public sealed class RehearsalTextTests
{
    private static readonly VerifiedBackup Backup = new("/b/x.dump", new string('a', 64), 10, VerifyLevel.Restore, 1, [], ["new"]);

    private static readonly RehearsalResult Result = new()
    {
        Backup = Backup,
        KeptSchema = new AppTrial(false, [new CheckRecord("health", true, "200", "200", null), new CheckRecord("GET /x", false, "2xx", "500", null)], 2.5)
        {
            Log = ["File app.py, line 1", "db.ProgrammingError: column bookings.status does not exist", "[SQL: SELECT 1]"],
        },
        Downgrade = new MigrationTrial(true, null, 1.5, new ObservedMigration
        {
            Steps = [new RevisionStep("new", "old", DateTimeOffset.UnixEpoch, 0.5)], Rewritten = ["public.bookings"],
            Locks = [new HeldLock("public.bookings", "AccessExclusiveLock"), new HeldLock("public.customers", "RowShareLock")],
        }),
        DowngradedSchema = new AppTrial(true, [], 2),
        Upgrade = new MigrationTrial(true, null, 1, null),
        Losses = [new LostData("bookings.note", LossKind.Column, 4000, 1200, 7, "created_at"), new LostData("events", LossKind.Table, null, null, null, null)],
        Observed = Verdict.Breaking,
        ObservedReasons = [new ObservedReason("drop-column", Severity.Breaking, "bookings.note", "the column was dropped")],
        RuleFaults = ["reading says Additive, running shows Breaking"],
        SchemaAfterDowngrade = new CatalogSnapshot([]),
        RevisionsAfterDowngrade = ["old"],
    };

    [Fact]
    public void A_person_reads_the_answers_first_and_the_error_out_of_the_log() => Assert.Equal(
        [
            "the target release over the schema as it is: FAILS (2.5 s)",
            "  GET /x: expected 2xx, found 500",
            "    | db.ProgrammingError: column bookings.status does not exist",
            "the downgrade: works, 1.5 s (new to old 0.5 s); rewrites public.bookings; locks public.bookings",
            "the target release over the downgraded schema: works (2.0 s)",
            "  the downgrade destroys the column bookings.note with 1,200 values in 4,000 rows, 7 of them since the release went live (created_at)",
            "  the downgrade destroys the table events with an unknown number of rows",
            "the upgrade again: works, 1.0 s",
            "observed: Breaking",
            "  Breaking: bookings.note: the column was dropped",
            "  a rule is at fault: reading says Additive, running shows Breaking",
        ],
        RehearsalText.Lines(Result));

    [Fact]
    public void Without_a_way_back_the_reason_is_said()
    {
        var lines = RehearsalText.Lines(Result with
        {
            Downgrade = null, NoDowngrade = "e6b4 raises", DowngradedSchema = null, FromEmpty = true, Upgrade = new MigrationTrial(false, "no such table", 1, null), Losses = [],
        }).ToList();
        Assert.Contains("no downgrade was tried: e6b4 raises", lines);
        Assert.Contains("the upgrade, from an empty database: FAILS: no such table", lines);
    }

    [Fact]
    public void The_document_has_stable_names_and_no_snapshot()
    {
        var json = JsonDocument.Parse(Result.ToJson()).RootElement;
        Assert.Equal(
            [
                "backup", "downgrade", "downgradedSchema", "fromEmpty", "keptSchema", "losses", "noDowngrade", "observed", "observedReasons",
                "revisionsAfterDowngrade", "roundTripDifferences", "ruleFaults", "seconds", "stages", "upgrade",
            ],
            json.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
        Assert.Equal("Breaking", json.GetProperty("observed").GetString());
        Assert.Equal("public.bookings", json.GetProperty("downgrade").GetProperty("observed").GetProperty("rewritten")[0].GetString());
        Assert.Equal(1200, json.GetProperty("losses")[0].GetProperty("nonNull").GetInt32());
    }

    [Fact]
    public void What_no_dump_keeps_is_said_with_its_loss()
    {
        Assert.Equal("12 large objects of bookings.photo, NOT KEPT in a dump before it: they belong to no table",
            RehearsalText.Loss(new LostData("bookings.photo", LossKind.LargeObjects, 12, null, null, null) { NotKept = "they belong to no table" }));
        Assert.Equal("an unknown number of rows of the foreign table afar, NOT KEPT in a dump before it: elsewhere",
            RehearsalText.Loss(new LostData("afar", LossKind.ForeignRows, null, null, null, null) { NotKept = "elsewhere" }));
    }
}
