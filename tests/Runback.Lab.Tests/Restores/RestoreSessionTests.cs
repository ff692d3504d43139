using System.Diagnostics;
using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Restores;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Restores;

/// <summary>Who is connected while a database is swapped, and runs that end in the middle.</summary>
[Tier(Tier.Default)]
[Collection(nameof(RestoreServer))]
public sealed class RestoreSessionTests(RestoreServer postgres) : IDisposable
{
    private readonly RestoreWorkshop _workshop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workshop.Dispose();

    [Fact(Timeout = 240_000)]
    public async Task Sessions_that_hold_on_are_named_and_ended_by_the_swap()
    {
        var server = await postgres.CreateAsync("held", Cancellation);
        var dump = (await _workshop.DumpAsync(server, Cancellation)).File;
        await using var holder = await server.OpenAsync("stubborn", Cancellation);
        await holder.ExecuteAsync("BEGIN; UPDATE customers SET name = 'unsaved';", Cancellation);
        await RestoreWorkshop.RestoreAsync(server, dump, _workshop.Begin(), Cancellation);
        Assert.Contains("ends stubborn of postgres from local", _workshop.Said.ToString(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<PostgresException>(() => holder.ExecuteAsync("COMMIT;", Cancellation));
        Assert.Equal("0", await server.ScalarAsync("SELECT count(*) FROM customers WHERE name = 'unsaved'", Cancellation));
    }

    [Fact(Timeout = 240_000)]
    public async Task Whoever_reconnects_in_a_loop_sees_the_one_database_and_then_the_other()
    {
        var server = await postgres.CreateAsync("looped", Cancellation);
        var backup = await _workshop.DumpAsync(server, Cancellation);
        await server.ExecuteAsync("UPDATE alembic_version SET version_num = 'b2'; INSERT INTO customers (name) VALUES ('new');", Cancellation);
        var restore = new DatabaseRestore(server, _workshop.Begin());
        var restored = await restore.PrepareAsync(new RestorePlan(backup.File), Cancellation);

        // Inside the container, so that connecting takes milliseconds: three clients that begin again as soon as they are thrown out.
        using var ending = new CancellationTokenSource();
        await using var client = await Shell.StartAsync(server.Exec(["PGDATABASE=looped", "PGUSER=app"], "sh", ["-c",
            """
            for i in 1 2 3; do
              (while [ ! -e /tmp/looped-end ]; do psql -X -q -t -A -c "SELECT (SELECT version_num FROM alembic_version) || ' ' || (SELECT count(*) FROM customers)" 2>/dev/null && touch /tmp/looped-$i; done) &
            done
            wait
            """]), Cancellation);
        client.Input.Close();
        var seen = client.EndAsync(Cancellation);
        async Task<CommandResult> OfAnswersAsync(params string[] line) =>
            await Shell.Quiet.TryAsync(new Command("docker", "exec", server.Address.Container).With(line).With("/tmp/looped-1", "/tmp/looped-2", "/tmp/looped-3"), Cancellation);
        async Task<bool> AllAnsweredAsync() => (await OfAnswersAsync("ls")).Succeeded;
        await Eventually.IsAsync(AllAnsweredAsync);
        var swapped = await restore.SwapAsync(restored, Cancellation);
        await OfAnswersAsync("rm");
        await Eventually.IsAsync(AllAnsweredAsync);
        await Shell.Quiet.ReadAsync(new Command("docker", "exec", server.Address.Container, "touch", "/tmp/looped-end"), Cancellation);
        var lines = (await seen).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        TestContext.Current.TestOutputHelper?.WriteLine($"swap {swapped.Seconds} s, {lines.Length} answers");
        Assert.Equal(["a1 100", "b2 101"], lines.Distinct().Order());
        // Each of the three changed over once: after its first answer of the new database there is none of the old. Their lines mix for an instant only.
        Assert.True(Array.LastIndexOf(lines, "b2 101") - Array.IndexOf(lines, "a1 100") <= 3, string.Join(",", lines));
        Assert.InRange(swapped.Seconds, 0, 5);
    }

    [Fact(Timeout = 240_000)]
    public async Task Writers_are_waited_for_and_then_ended()
    {
        var server = await postgres.CreateAsync("quiet", Cancellation);
        var sessions = new WriterSessions(server, _workshop.Begin());
        Assert.Empty(await sessions.ListAsync(Cancellation));
        Assert.Empty(await sessions.QuiesceAsync(TimeSpan.Zero, Cancellation));

        var leaving = await server.OpenAsync("leaving", Cancellation);
        var waiting = sessions.QuiesceAsync(TimeSpan.FromSeconds(20), Cancellation);
        await Eventually.IsAsync(() => _workshop.Said.GetStringBuilder().Length > 0);
        Assert.False(waiting.IsCompleted);
        await leaving.DisposeAsync();
        Assert.Empty(await waiting);
        Assert.Contains("waits up to 20 s for leaving of postgres", _workshop.Said.ToString(), StringComparison.Ordinal);

        await using var staying = await server.OpenAsync("staying", Cancellation);
        var watch = Stopwatch.StartNew();
        var ended = await sessions.QuiesceAsync(TimeSpan.FromSeconds(1), Cancellation);
        Assert.Equal(["staying"], ended.Select(session => session.Application));
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(0.99), $"{watch.Elapsed}");
        Assert.Empty(await sessions.ListAsync(Cancellation));
    }

    [Fact(Timeout = 240_000)]
    public async Task Who_always_comes_back_is_named_and_the_check_fails()
    {
        var server = await postgres.CreateAsync("restless", Cancellation);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var coming = ComeBackAsync(new PostgresServer(server.Address with { User = "app" }, Shell.Quiet), enough.Token);
        // However long a new connection takes here, the next look comes after it.
        string? known = null;
        Task ComesBackAsync(CancellationToken cancellation) => Eventually.IsAsync(async () =>
        {
            var pid = await server.ScalarAsync("SELECT max(pid) FROM pg_stat_activity WHERE application_name = 'restless-pool' HAVING count(*) = 1 AND every(state = 'active')", cancellation);
            var isAnother = pid is { Length: > 0 } && pid != known;
            known = isAnother ? pid : known;
            return isAnother;
        });
        await ComesBackAsync(Cancellation);
        var sessions = new WriterSessions(server, _workshop.Begin()) { Pause = ComesBackAsync };
        var error = await Assert.ThrowsAsync<RunbookException>(() => sessions.QuiesceAsync(TimeSpan.Zero, Cancellation));
        Assert.Contains("restless-pool of app", error.Message, StringComparison.Ordinal);
        await enough.CancelAsync();
        await coming;
    }

    // As a pool does whose every connection is tested and made again.
    private static async Task ComeBackAsync(PostgresServer server, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using var session = await server.OpenAsync("restless-pool", cancellation);
                await session.ExecuteAsync("SELECT pg_sleep(30);", cancellation);
            }
            catch (Exception exception) when (exception is PostgresException or OperationCanceledException)
            {
                // It was ended, and comes back.
            }
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task A_restore_that_is_cancelled_in_the_middle_leaves_the_database_untouched_and_nothing_else()
    {
        var server = await postgres.CreateAsync("cancelled", Cancellation);
        await server.ExecuteAsync("CREATE EXTENSION pgcrypto; CREATE TABLE noise AS SELECT i AS id, gen_random_bytes(1000) AS bytes FROM generate_series(1, 30000) i;", Cancellation);
        var dump = (await _workshop.DumpAsync(server, Cancellation)).File;
        var before = await RestoreWorkshop.CatalogAsync(server, Cancellation);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var preparing = new DatabaseRestore(server, _workshop.Begin()).PrepareAsync(new RestorePlan(dump), ending.Token);
        while (await server.ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'cancelled_restore%' AND query LIKE 'COPY%'", Cancellation) == "0")
            Assert.False(preparing.IsCompleted, "the restore ended before it could be cancelled");
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => preparing);
        Assert.Equal(before, await RestoreWorkshop.CatalogAsync(server, Cancellation));
        Assert.Empty(await RestoreWorkshop.CopiesAsync(server, Cancellation));
    }

    [Fact(Timeout = 240_000)]
    public async Task What_a_killed_run_left_is_removed_by_the_next_and_nothing_else_is()
    {
        var server = await postgres.CreateAsync("killed", Cancellation);
        var dump = (await _workshop.DumpAsync(server, Cancellation)).File;
        var killed = await new DatabaseRestore(server, _workshop.Begin()).PrepareAsync(new RestorePlan(dump), Cancellation);
        var kept = await RestoreWorkshop.RestoreAsync(server, dump, _workshop.Begin(), Cancellation);
        // The second restore removed the first one's database already; this is what a run leaves that dies while pg_restore works.
        Assert.DoesNotContain(killed.Name, await RestoreWorkshop.CatalogAsync(server, Cancellation), StringComparison.Ordinal);
        var mark = killed.Mark with { Run = "dead", Stage = RestoreStage.Restoring };
        var (marked, unmarked, renamed) = (RestoreNames.Scratch("killed", "dead"), "killed_restore_by_hand", "killed_copy");
        foreach (var name in new[] { marked, unmarked, renamed })
            await server.ExecuteAsync($"CREATE DATABASE {SqlText.Identifier(name)};", Cancellation);
        await server.ExecuteAsync($"{DatabaseDefinition.Comment(marked, mark.ToString())}; {DatabaseDefinition.Comment(renamed, mark.ToString())};", Cancellation);
        await using var working = await server.On(marked).OpenAsync("pg_restore", Cancellation);
        await Shell.Quiet.ReadAsync(new Command("docker", "exec", server.Address.Container, "touch", "/tmp/runback-restore-dead.dump", "/tmp/other.dump"), Cancellation);

        Assert.Equal([marked, "/tmp/runback-restore-dead.dump"], await new RestoreLeftovers(server, _workshop.Begin()).RemoveAsync(Cancellation));
        var databases = await server.ScalarAsync("SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database WHERE datname LIKE 'killed%'", Cancellation);
        Assert.Equal(new[] { "killed", kept.Kept, renamed, unmarked }.Order(StringComparer.Ordinal), databases!.Split(',').Order(StringComparer.Ordinal));
        Assert.Contains("killed_restore_by_hand is called like a restore's", _workshop.Said.ToString(), StringComparison.Ordinal);
        Assert.Equal("/tmp/other.dump\n", await Shell.Quiet.ReadAsync(new Command("docker", "exec", server.Address.Container, "sh", "-c", "ls /tmp/*.dump"), Cancellation));
    }

    [Fact(Timeout = 240_000)]
    public async Task A_swap_whose_process_is_killed_before_the_commit_never_happened()
    {
        var server = await postgres.CreateAsync("cut", Cancellation);
        var dump = (await _workshop.DumpAsync(server, Cancellation)).File;
        var restore = new DatabaseRestore(server, _workshop.Begin());
        var restored = await restore.PrepareAsync(new RestorePlan(dump), Cancellation);
        var before = await RestoreWorkshop.CatalogAsync(server, Cancellation);
        var statements = SwapStatements.Swap("cut", "cut_aside", restored.Mark with { Was = restored.Live.Serving }, restored.Name, restored.Live.Serving, false, true);
        await using var swapping = await server.On("template1").OpenAsync("cut-swap", Cancellation);
        await swapping.ExecuteAsync($"BEGIN;\n{string.Concat(statements.Select(statement => statement + ";\n"))}", Cancellation);
        await server.On("template1").EndSessionsAsync("cut-swap");
        Assert.Equal(before, await RestoreWorkshop.CatalogAsync(server, Cancellation));
        Assert.Equal("100", await server.ScalarAsync("SELECT count(*) FROM customers", Cancellation));
        // The same restored database still serves.
        await restore.SwapAsync(restored, Cancellation);
    }
}
