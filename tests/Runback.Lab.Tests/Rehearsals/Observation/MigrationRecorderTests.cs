using Runback.Runbook.Databases;
using Runback.Runbook.Rehearsals.Observation;

namespace Runback.Lab.Tests.Rehearsals.Observation;

[Tier(Tier.Default)]
[Collection(nameof(ScratchDatabase))]
public sealed class MigrationRecorderTests(ScratchDatabase scratch)
{
    [Fact(Timeout = 240_000)]
    public async Task What_a_migration_does_is_recorded_in_order_with_locks_rewrites_rows_and_steps()
    {
        var (observed, _) = await scratch.ObserveAsync(
            """
            SET search_path = extra; BEGIN;
            ALTER TABLE public.bookings ALTER customer_id TYPE bigint USING customer_id, DROP COLUMN total;
            CREATE INDEX ON public.invoices_2026 (id);
            DROP TABLE public.vault;
            UPDATE public.customers SET score = 1 WHERE id < 4;
            UPDATE public.alembic_version SET version_num = 'r2' WHERE version_num = 'r1';
            SELECT pg_sleep(0.2);
            UPDATE public.alembic_version SET version_num = 'r3' WHERE version_num = 'r2';
            COMMIT;
            """, TestContext.Current.CancellationToken);
        Assert.Equal(["ALTER TABLE public.bookings", "CREATE INDEX public.invoices_2026_id_idx"], observed.Commands.Select(command => $"{command.Tag} {command.Identity}"));
        Assert.Equal(["table column public.bookings.total", "table public.vault"], observed.Dropped.Select(dropped => $"{dropped.ObjectType} {dropped.Identity}"));
        Assert.True(observed.Dropped[1].AlongWithIt >= 3);
        Assert.Equal(["public.bookings"], observed.Rewritten);
        Assert.Equal([new RowChange("public.customers", 0, 3, 0) { OldValues = OldValues.Changed }], observed.Rows);
        Assert.Contains(new HeldLock("public.bookings", "AccessExclusiveLock"), observed.Locks);
        Assert.Contains(new HeldLock("public.vault", "AccessExclusiveLock"), observed.Locks);
        // Its foreign key is made again with the column's new type, which stops everybody who reads what it points to.
        Assert.Contains(new HeldLock("public.customers", "AccessExclusiveLock"), observed.Locks);
        Assert.Contains(new HeldLock("public.invoices_2026", "ShareLock"), observed.Locks);
        Assert.Equal([("r1", "r2"), ("r2", "r3")], observed.Steps.Select(step => (step.From!, step.To!)));
        Assert.InRange(observed.Steps[1].Seconds, 0.19, 20);
        Assert.Empty(observed.Gaps);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_role_without_rights_on_the_recorder_can_migrate()
    {
        var (observed, after) = await scratch.ObserveAsync(
            """
            GRANT ALL ON SCHEMA public TO app; GRANT UPDATE, SELECT ON alembic_version TO app;
            SET ROLE app;
            CREATE TABLE apps (id int); DROP TABLE apps; CREATE TABLE apps (id int); UPDATE alembic_version SET version_num = 'r2';
            DROP OWNED BY app;
            """, TestContext.Current.CancellationToken);
        Assert.Empty(observed.Gaps);
        Assert.Equal(2, observed.Commands.Count(command => command.Tag == "CREATE TABLE"));
        Assert.Equal("r2", Assert.Single(observed.Steps).To);
        Assert.Empty(observed.Dropped);
        Assert.Empty(ObservedVerdict.Judge(scratch.Before, after, observed).Reasons);
    }

    [Fact(Timeout = 240_000)]
    public async Task Blocks_outside_a_transaction_and_event_triggers_of_the_application_do_not_disturb_it()
    {
        var (observed, after) = await scratch.ObserveAsync(
            """
            SET session_replication_role = replica;
            CREATE INDEX CONCURRENTLY notes ON bookings (note);
            DROP INDEX CONCURRENTLY customers_name_idx;
            ALTER TYPE mood ADD VALUE 'best';
            CREATE FUNCTION own() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; END $$;
            CREATE EVENT TRIGGER own ON ddl_command_end EXECUTE FUNCTION own();
            CREATE VIEW late AS SELECT 1 AS one;
            UPDATE alembic_version SET version_num = 'r2';
            """, TestContext.Current.CancellationToken);
        Assert.Empty(observed.Gaps);
        Assert.Equal(["CREATE INDEX", "ALTER TYPE", "CREATE FUNCTION", "CREATE VIEW"], observed.Commands.Select(command => command.Tag));
        Assert.Equal("index public.customers_name_idx", Assert.Single(observed.Dropped.Select(dropped => $"{dropped.ObjectType} {dropped.Identity}")));
        Assert.Single(observed.Steps);
        Assert.Equal(["add-enum-label mood", "drop-index customers_name_idx", "far-reaching-object event trigger own"],
            ObservedVerdict.Judge(scratch.Before, after, observed).Reasons.Select(reason => $"{reason.Kind} {reason.Subject}").Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = 240_000)]
    public async Task Dropping_the_application_s_schema_leaves_the_record()
    {
        var (observed, after) = await scratch.ObserveAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public;", TestContext.Current.CancellationToken);
        Assert.Equal("public", observed.Dropped[0].Identity);
        Assert.Contains(observed.Dropped, dropped => dropped is { ObjectType: "table", Identity: "public.customers" });
        Assert.Contains(ObservedVerdict.Judge(scratch.Before, after, observed).Reasons, reason => reason is { Kind: "drop-table", Subject: "bookings" });
    }

    [Fact(Timeout = 240_000)]
    public async Task A_version_table_made_by_the_first_migration_is_watched()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var server = await scratch.EmptyAsync(cancellation);
        var recorder = new MigrationRecorder(server);
        await recorder.InstallAsync(cancellation);
        await server.ExecuteAsync(
            "BEGIN; CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); CREATE TABLE t (id int); INSERT INTO alembic_version VALUES ('r1'); COMMIT; DELETE FROM alembic_version;", cancellation);
        var observed = await recorder.ReadAsync(cancellation);
        Assert.Equal([(null, "r1"), ("r1", null)], observed.Steps.Select(step => (step.From, step.To)));
        Assert.Empty(observed.Rows);
        Assert.Empty(observed.Gaps);
    }

    [Fact(Timeout = 240_000)]
    public async Task Removed_it_leaves_the_database_as_it_was()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var server = await scratch.CopyAsync(cancellation);
        var recorder = new MigrationRecorder(server);
        await recorder.InstallAsync(cancellation);
        Assert.Equal(scratch.Before, await CatalogSnapshot.ReadAsync(server, cancellation));
        await recorder.InstallAsync(cancellation);
        await recorder.RemoveAsync(cancellation);
        Assert.Equal("0", await server.ScalarAsync(
            $"SELECT (SELECT count(*) FROM pg_event_trigger) + (SELECT count(*) FROM pg_namespace WHERE nspname = {SqlText.Literal(MigrationRecorder.Schema)}) + (SELECT count(*) FROM pg_trigger WHERE tgname ~ 'runback')",
            cancellation));
        Assert.Equal(scratch.Before, await CatalogSnapshot.ReadAsync(server, cancellation));
    }

    [Fact(Timeout = 240_000)]
    public async Task Where_content_may_not_be_read_an_update_stays_unknown_and_counts_as_breaking()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var server = await scratch.CopyAsync(cancellation);
        var recorder = new MigrationRecorder(server) { CompareWithin = TimeSpan.Zero };
        await recorder.InstallAsync(cancellation);
        await server.ExecuteAsync("ALTER TABLE customers ADD COLUMN c text; UPDATE customers SET c = name; TRUNCATE bookings;", cancellation);
        var observed = await recorder.ReadAsync(cancellation);
        Assert.Equal(OldValues.Unknown, Assert.Single(observed.Rows).OldValues);
        Assert.Contains("bookings", Assert.Single(observed.Gaps), StringComparison.Ordinal);
        var judgement = ObservedVerdict.Judge(scratch.Before, await CatalogSnapshot.ReadAsync(server, cancellation), observed);
        Assert.Equal(["not-understood the record", "update-rows customers"], judgement.Reasons.Select(reason => $"{reason.Kind} {reason.Subject}").Order(StringComparer.Ordinal));
    }
}
