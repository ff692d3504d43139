using Runback.Runbook.Rehearsals.Observation;

namespace Runback.Lab.Tests.Rehearsals.Observation;

[Tier(Tier.Default)]
[Collection(nameof(ScratchDatabase))]
public sealed class CatalogSnapshotTests(ScratchDatabase scratch)
{
    [Fact(Timeout = 240_000)]
    public async Task What_was_made_and_dropped_again_leaves_no_difference()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var server = await scratch.CopyAsync(cancellation);
        await server.ExecuteAsync("CREATE TABLE x (id serial PRIMARY KEY); ALTER TABLE bookings ADD COLUMN x text; GRANT SELECT ON bookings TO reader;", cancellation);
        var between = await CatalogSnapshot.ReadAsync(server, cancellation);
        Assert.NotEqual(scratch.Before.Fingerprint, between.Fingerprint);
        Assert.Contains("column bookings.x was added", scratch.Before.DifferencesTo(between).Select(change => change.Text));
        await server.ExecuteAsync("DROP TABLE x; ALTER TABLE bookings DROP COLUMN x; REVOKE SELECT ON bookings FROM reader; SELECT nextval('tickets');", cancellation);
        var after = await CatalogSnapshot.ReadAsync(server, cancellation);
        Assert.Empty(scratch.Before.DifferencesTo(after));
        Assert.Equal(scratch.Before.Fingerprint, after.Fingerprint);
    }

    [Fact(Timeout = 240_000)]
    public async Task The_order_of_creation_makes_no_difference()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (one, other) = (await scratch.EmptyAsync(cancellation), await scratch.EmptyAsync(cancellation));
        await one.ExecuteAsync(
            "CREATE TABLE a (x int, y text NOT NULL); CREATE TABLE b (id int PRIMARY KEY); ALTER TABLE a ADD CONSTRAINT c CHECK (x > 0), ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES b; GRANT SELECT, INSERT ON a TO reader, app;", cancellation);
        await other.ExecuteAsync(
            "SET search_path = ''; CREATE TABLE public.b (id int PRIMARY KEY); CREATE TABLE public.a (y text NOT NULL, z int, x int CONSTRAINT f REFERENCES public.b); ALTER TABLE public.a DROP COLUMN z; GRANT INSERT, SELECT ON public.a TO app; GRANT SELECT, INSERT ON public.a TO reader; ALTER TABLE public.a ADD CONSTRAINT c CHECK (x > 0);",
            cancellation);
        var (first, second) = (await CatalogSnapshot.ReadAsync(one, cancellation), await CatalogSnapshot.ReadAsync(other, cancellation));
        Assert.Empty(first.DifferencesTo(second));
        Assert.Equal(first.Fingerprint, second.Fingerprint);
    }

    [Fact(Timeout = 240_000)]
    public async Task An_open_read_only_session_gives_the_same_and_keeps_its_search_path()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var server = await scratch.CopyAsync(cancellation);
        await using var session = await server.OpenAsync("runback-test", cancellation);
        await session.ExecuteAsync("SET search_path = extra, public; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;", cancellation);
        Assert.Equal(scratch.Before.Fingerprint, (await CatalogSnapshot.ReadAsync(session, cancellation)).Fingerprint);
        Assert.Equal("extra, public", await session.ScalarAsync("SELECT current_setting('search_path')", cancellation));
    }

    [Fact(Timeout = 240_000)]
    public void Hostile_names_are_kept_as_they_are()
    {
        var column = Assert.Single(scratch.Before.Objects, found => found.Kind == CatalogKind.Column && found.Path[^1] == "a.b \"c\"");
        Assert.Equal(["Strange \"names\"", "); \\echo :x '$$", "a.b \"c\""], column.Path);
        Assert.DoesNotContain(scratch.Before.Objects, found => found.Identity.Contains("pg_trgm", StringComparison.Ordinal) && found.Kind != CatalogKind.Extension);
        Assert.DoesNotContain(scratch.Before.Objects, found => found.Identity.Contains("similarity", StringComparison.Ordinal));
    }
}
