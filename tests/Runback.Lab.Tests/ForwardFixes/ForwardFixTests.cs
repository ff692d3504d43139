using Runback.Lab.Tests.Lab;
using Runback.Runbook.ForwardFixes;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.ForwardFixes;

[Collection("lab")]
public sealed class ForwardFixTests(LabFixture lab)
{
    private const string Make =
        """
        from datetime import datetime, timezone
        from sqlalchemy import select
        from sqlalchemy.orm import Session
        from app.database import engine
        from app.models import Booking

        def make(**given):
            booking = Booking(customer_id=1, scheduled_at=datetime.now(timezone.utc), duration_minutes=30, address="1 Mill Lane", price_cents=100, **given)
            session.add(booking)
            session.commit()
            return booking

        session = Session(engine)

        """;

    private const string Customer = "INSERT INTO customers (name, email) VALUES ('Ann', 'ann@example.com');";

    private const string ThreeBookings =
        """
        INSERT INTO bookings (customer_id, scheduled_at, duration_minutes, status, address, access_notes, price_cents)
        SELECT 1, now(), 30, s, 'x', 'ring', 1 FROM unnest(ARRAY['planned', 'done', 'cancelled']) s;
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task The_release_before_runs_on_the_fixed_schema_and_the_newer_one_does_too()
    {
        await using var workshop = await FixWorkshop.OpenAsync(lab);
        await workshop.UpgradeAsync(null, FixWorkshop.OldHead);
        await workshop.ExecuteAsync(Customer + ThreeBookings);
        await workshop.UpgradeAsync(null, FixWorkshop.KeptHead);
        Assert.False((await workshop.PythonAsync(FixWorkshop.Old, Make + "make(status='planned')")).Succeeded);

        var plan = await workshop.PlanAsync();
        Assert.True(plan.IsComplete);
        Assert.Equal(["bookings.status", "bookings.access_notes"], plan.Steps.Select(step => step.Subject));
        var (revision, file) = await workshop.WriteAsync(plan);
        Assert.Equal($"{revision}_bring_old_code_back.py", Path.GetFileName(file));

        var trial = new FixTrial(workshop.AlembicAsync, async _ =>
        {
            var old = await workshop.PythonAsync(FixWorkshop.Old, Make
                + "a = make(status='confirmed', access_notes='key under the mat')\nb = make()\na.status = 'done'\nsession.commit()\n"
                + "print(a.status, a.access_notes, b.status, sorted(session.scalars(select(Booking.status))))");
            var newer = await workshop.PythonAsync(FixWorkshop.Newer, Make
                + "a = make(status='moved')\nb = make()\nb.status = 'late'\nsession.commit()\nprint(a.status, b.status, session.get(Booking, 2).status)");
            return [new FixProof("old", old.Succeeded, old.Output + old.Error), new FixProof("newer", newer.Succeeded, newer.Output + newer.Error)];
        });
        var result = await trial.RunAsync(file, revision, [FixWorkshop.KeptHead], Cancellation);

        Assert.True(result.Passed, string.Join('\n', result.Lines));
        Assert.Equal("done key under the mat planned ['cancelled', 'done', 'done', 'planned', 'planned']\n", result.Applications[0].Detail);
        Assert.Equal("moved late done\n", result.Applications[1].Detail);
        Assert.Equal("0", await workshop.ScalarAsync("SELECT count(*) FROM bookings WHERE status IS DISTINCT FROM state"));
        Assert.Equal(revision, await workshop.ScalarAsync("SELECT version_num FROM alembic_version"));
        Assert.Equal("7", await workshop.ScalarAsync("SELECT count(*) FROM bookings"));
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task Both_names_stay_in_step_whoever_writes_whichever_and_whatever_the_default_is()
    {
        await using var workshop = await FixWorkshop.OpenAsync(lab);
        await workshop.FixAsync(
            "CREATE TABLE t (id int PRIMARY KEY, was text NOT NULL DEFAULT 'd', empty text, doc json, code text UNIQUE)",
            "ALTER TABLE t RENAME was TO now; ALTER TABLE t RENAME empty TO hollow; ALTER TABLE t RENAME doc TO document; ALTER TABLE t RENAME code TO number");
        async Task Is(string expected, string statement)
        {
            await workshop.ExecuteAsync(statement);
            Assert.Equal(expected, await workshop.ScalarAsync("SELECT concat_ws(' ', was, now, coalesce(empty, '-'), coalesce(hollow, '-')) FROM t WHERE id = 1"));
        }
        await Is("a a - -", "DELETE FROM t; INSERT INTO t (id, was) VALUES (1, 'a');");
        await Is("d d - -", "DELETE FROM t; INSERT INTO t (id, was) VALUES (1, 'd');");
        await Is("a a - -", "DELETE FROM t; INSERT INTO t (id, now) VALUES (1, 'a');");
        await Is("d d - -", "DELETE FROM t; INSERT INTO t (id) VALUES (1);");
        await Is("b b - -", "UPDATE t SET was = 'b';");
        await Is("c c - -", "UPDATE t SET now = 'c';");
        await Is("d d - -", "UPDATE t SET was = 'd';");
        await Is("d d e e", "UPDATE t SET empty = 'e';");
        await Is("d d f f", "UPDATE t SET hollow = 'f';");
        await Is("d d - -", "UPDATE t SET empty = NULL;");
        await Is("d d g g", "UPDATE t SET hollow = 'g', id = 1;");
        await Is("d d - -", "UPDATE t SET hollow = NULL;");
        await Is("n n - -", "UPDATE t SET was = 'o', now = 'n';");
        await Is("p p h h", "UPDATE t SET was = 'p', hollow = 'h';");
        await Assert.ThrowsAsync<Runbook.Databases.PostgresException>(() => workshop.ExecuteAsync("UPDATE t SET was = NULL;"));
        await Assert.ThrowsAsync<Runbook.Databases.PostgresException>(() => workshop.ExecuteAsync("UPDATE t SET now = NULL;"));
        await workshop.ExecuteAsync("UPDATE t SET doc = '{\"a\": 1}';");
        Assert.Equal("{\"a\": 1}", await workshop.ScalarAsync("SELECT document FROM t"));
        await workshop.ExecuteAsync("UPDATE t SET code = 'K'; INSERT INTO t (id, code, was) VALUES (2, 'K', 'x') ON CONFLICT (code) DO UPDATE SET was = excluded.was;");
        await workshop.ExecuteAsync("INSERT INTO t (id, number, now) VALUES (3, 'K', 'y') ON CONFLICT (number) DO UPDATE SET now = excluded.now;");
        Assert.Equal("1 K y y", await workshop.ScalarAsync("SELECT string_agg(concat_ws(' ', id, code, was, now), ';') FROM t"));
        // Rows that got out of step while triggers were off follow the newer name at their next write.
        await workshop.ExecuteAsync("SET session_replication_role = replica; UPDATE t SET was = 'stale'; SET session_replication_role = origin; UPDATE t SET id = 9;");
        Assert.Equal("y y", await workshop.ScalarAsync("SELECT was || ' ' || now FROM t"));
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task Names_with_anything_in_them_go_through_alembic_and_postgresql()
    {
        string[] names = ["Booking", "select", "it's", "x\"y", "a:b", ":c", "a::b", "100%", "%(x)s", "back\\slash", "\\:x", "line\nbreak", "$runback$", "größe", "\"\"\"", "'''"];
        static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
        var before = names.Select((name, i) => $"CREATE TABLE {Quote("t" + name)} (id int PRIMARY KEY, {Quote(name)} varchar(20), {Quote("gone" + name)} text, {Quote("code" + name)} int UNIQUE)");
        var kept = names.Select(name => $"ALTER TABLE {Quote("t" + name)} RENAME {Quote(name)} TO {Quote("new" + name)}; ALTER TABLE {Quote("t" + name)} DROP {Quote("gone" + name)};"
            + $"ALTER TABLE {Quote("t" + name)} RENAME {Quote("code" + name)} TO {Quote("number" + name)}; ALTER TABLE {Quote("t" + name)} ADD {Quote("must" + name)} int NOT NULL");
        await using var workshop = await FixWorkshop.OpenAsync(lab);
        var (_, file) = await workshop.FixAsync(string.Join(";\n", before), string.Join(";\n", kept));
        foreach (var name in names)
        {
            await workshop.ExecuteAsync($"INSERT INTO {Quote("t" + name)} (id, {Quote(name)}, {Quote("gone" + name)}, {Quote("code" + name)}) VALUES (1, 'v', 'w', 3) ON CONFLICT ({Quote("code" + name)}) DO NOTHING;");
            Assert.Equal("v 3", await workshop.ScalarAsync($"SELECT concat_ws(' ', {Quote("new" + name)}, {Quote("number" + name)}) FROM {Quote("t" + name)}"));
            await workshop.ExecuteAsync($"UPDATE {Quote("t" + name)} SET {Quote("must" + name)} = 1;");
        }
        var down = await workshop.AlembicAsync(file, ["downgrade", FixWorkshop.KeptHead], Cancellation);
        Assert.True(down.Succeeded, down.Error);
        Assert.Equal("0", await workshop.ScalarAsync("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"));
        Assert.Equal("0", await workshop.ScalarAsync("SELECT count(*) FROM pg_proc WHERE proname LIKE 'runback%'"));
        Assert.Equal("0", await workshop.ScalarAsync("SELECT count(*) FROM pg_attribute WHERE attname LIKE 'gone%' AND NOT attisdropped"));
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task Every_other_step_runs_in_postgresql_up_and_down()
    {
        await using var workshop = await FixWorkshop.OpenAsync(lab);
        var (_, file) = await workshop.FixAsync(
            """
            CREATE TYPE mood AS ENUM ('good', 'it''s bad');
            CREATE TABLE a (id int PRIMARY KEY, note text, n int DEFAULT 7, code text CONSTRAINT a_code UNIQUE, kind text);
            CREATE UNIQUE INDEX a_kind ON a (kind);
            CREATE TABLE gone (id bigint PRIMARY KEY, a_id int NOT NULL REFERENCES a (id) ON DELETE CASCADE, m mood DEFAULT 'good', at timestamptz NOT NULL DEFAULT now(), CHECK (a_id > 0));
            CREATE INDEX gone_at ON gone (at);
            CREATE TABLE named (id int PRIMARY KEY, label text DEFAULT 'none')
            """,
            """
            DROP TABLE gone; DROP TYPE mood;
            ALTER TABLE named RENAME TO labels; ALTER TABLE labels RENAME label TO title;
            ALTER TABLE a ALTER note SET NOT NULL; ALTER TABLE a ALTER n DROP DEFAULT; ALTER TABLE a DROP CONSTRAINT a_code; DROP INDEX a_kind;
            ALTER TABLE a ADD CONSTRAINT a_n CHECK (n < 5); ALTER TABLE a ADD CONSTRAINT a_note UNIQUE (note); CREATE UNIQUE INDEX a_n_unique ON a (n)
            """);
        await workshop.ExecuteAsync(
            """
            INSERT INTO a (id, code, kind) VALUES (1, 'x', 'k'), (2, 'y', 'l');
            INSERT INTO a (id, code) VALUES (3, 'x') ON CONFLICT (code) DO NOTHING;
            INSERT INTO a (id, kind) VALUES (4, 'k') ON CONFLICT (kind) DO NOTHING;
            INSERT INTO gone (id, a_id, m) VALUES (1, 1, 'it''s bad');
            INSERT INTO named (id, label) VALUES (1, 'one'); INSERT INTO named (id) VALUES (2);
            INSERT INTO named (id, label) VALUES (1, 'uno') ON CONFLICT (id) DO UPDATE SET label = excluded.label;
            UPDATE labels SET title = 'two' WHERE id = 2;
            """);
        Assert.Equal("7,7", await workshop.ScalarAsync("SELECT string_agg(n::text, ',') FROM a"));
        Assert.Equal("uno,two", await workshop.ScalarAsync("SELECT string_agg(label, ',' ORDER BY id) FROM named"));
        Assert.Equal("uno,two", await workshop.ScalarAsync("SELECT string_agg(title, ',' ORDER BY id) FROM labels"));
        await Assert.ThrowsAsync<Runbook.Databases.PostgresException>(() => workshop.ExecuteAsync("INSERT INTO gone (id, a_id) VALUES (2, 99);"));
        await workshop.ExecuteAsync("DELETE FROM a;");
        Assert.Equal("0", await workshop.ScalarAsync("SELECT count(*) FROM gone"));
        var down = await workshop.AlembicAsync(file, ["downgrade", FixWorkshop.KeptHead], Cancellation);
        Assert.True(down.Succeeded, down.Error);
        Assert.Null(await workshop.ScalarAsync("SELECT coalesce(to_regclass('gone'), to_regclass('named'))"));
        Assert.Equal("t", await workshop.ScalarAsync("SELECT CASE WHEN attnotnull THEN 't' END FROM pg_attribute WHERE attrelid = 'a'::regclass AND attname = 'note'"));
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task Several_heads_are_merged_by_the_fix_and_a_project_that_cannot_make_one_says_why()
    {
        await using var workshop = await FixWorkshop.OpenAsync(lab);
        var request = new FixScaffoldRequest(workshop.Options with { Network = null, Environment = [] }, "alembic/versions", ["no-such-head"], "fix");
        var refused = await Assert.ThrowsAsync<RunbookException>(() => FixScaffold.CreateAsync(request, Shell.Quiet, workshop.Engine, Cancellation));
        Assert.Contains("no-such-head", refused.Message, StringComparison.Ordinal);
        var missing = request with { Alembic = request.Alembic with { Command = ["no-such-program"] }, Heads = [FixWorkshop.KeptHead] };
        refused = await Assert.ThrowsAsync<RunbookException>(() => FixScaffold.CreateAsync(missing, Shell.Quiet, workshop.Engine, Cancellation));
        Assert.Contains("no-such-program", refused.Message, StringComparison.Ordinal);
        var elsewhere = request with { Heads = [FixWorkshop.KeptHead], MigrationsDirectory = "app" };
        refused = await Assert.ThrowsAsync<RunbookException>(() => FixScaffold.CreateAsync(elsewhere, Shell.Quiet, workshop.Engine, Cancellation));
        Assert.Contains("--migrations-directory", refused.Hint, StringComparison.Ordinal);
        Assert.Empty(await lab.Docker("ps", "--all", "--quiet", "--filter", $"label={Runbook.Backups.ScratchServer.Label}={workshop.Run}", "--filter", "status=exited"));
    }
}
