using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Backups;

[Tier(Tier.Default)]
[Collection(nameof(ProductionDatabase))]
public sealed class DatabaseFaultTests(ProductionDatabase production)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_container_that_does_not_run_is_named()
    {
        var name = $"runback-backups-down-{Guid.NewGuid():N}"[..30];
        await Shell.Quiet.ReadAsync(new Command("docker", "create", "--name", name, ProductionDatabase.Image), Cancellation);
        try
        {
            var error = await FailureAsync(new PostgresServerAddress(name, "postgres", "cleaning"));
            Assert.Contains("is not running", error.Message, StringComparison.Ordinal);
            Assert.Contains("start the database's container", error.Hint, StringComparison.Ordinal);
        }
        finally
        {
            await Shell.Quiet.ReadAsync(new Command("docker", "rm", "--volumes", name), CancellationToken.None);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_container_without_a_server_is_told_from_one_that_does_not_run()
    {
        var address = production.Server.Address with { SocketDirectory = "/nowhere" };
        Assert.Contains("no server listens", (await FailureAsync(address)).Hint, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_missing_container_is_named() =>
        Assert.Contains("--database-service", (await FailureAsync(new PostgresServerAddress("runback-backups-none", "a", "b"))).Hint, StringComparison.Ordinal);

    [Theory(Timeout = 120_000)]
    [InlineData("wrong")]
    [InlineData(null)]
    public async Task A_wrong_or_missing_password_fails_without_asking_for_one(string? password)
    {
        var error = await FailureAsync(production.Server.Address with { User = "scram_user", Password = password });
        Assert.Contains("--database-password", error.Hint, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_right_password_is_let_in()
    {
        var address = production.Server.Address with { User = "scram_user", Password = ProductionDatabase.Password };
        Assert.Equal("scram_user", await new PostgresServer(address, Shell.Quiet).ScalarAsync("SELECT current_user", Cancellation));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_missing_role_and_a_missing_database_are_told_apart()
    {
        Assert.Contains("--database-user", (await FailureAsync(production.Server.Address with { User = "nobody" })).Hint, StringComparison.Ordinal);
        var error = await FailureAsync(production.Server.Address with { Database = "host=elsewhere dbname='x" });
        Assert.Contains("name an existing database", error.Hint, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_refused_statement_carries_its_code_and_leaves_a_session_usable()
    {
        await using var session = await production.Server.OpenAsync("test", Cancellation);
        var error = await Assert.ThrowsAsync<PostgresException>(() => session.QueryAsync("SELECT * FROM missing", Cancellation));
        Assert.Equal("42P01", error.SqlState);
        Assert.Equal("42P01", (await Assert.ThrowsAsync<PostgresException>(() => production.Server.QueryAsync("SELECT * FROM missing", Cancellation))).SqlState);
        Assert.Equal("1", await session.ScalarAsync("SELECT 1", Cancellation));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_statement_that_hangs_is_given_up_and_ended_on_the_server()
    {
        await using (var session = await production.Server.OpenAsync("sleeper", Cancellation))
        {
            session.Timeout = TimeSpan.FromMilliseconds(300);
            var error = await Assert.ThrowsAsync<PostgresException>(() => session.ScalarAsync("SELECT pg_sleep(60)", Cancellation));
            Assert.Contains("within 0.3 s, found none", error.Message, StringComparison.Ordinal);
        }
        // A statement of a minute, in a test of half a minute.
        await Eventually.IsAsync(async () => await production.Server.ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sleeper'", Cancellation) == "0");
    }

    [Fact(Timeout = 120_000)]
    public async Task An_advisory_lock_is_given_back_when_its_session_ends()
    {
        const string ask = "SELECT pg_try_advisory_lock(42)";
        await using (var holder = await production.Server.OpenAsync("holder", Cancellation))
        {
            Assert.Equal("true", await holder.ScalarAsync(ask, Cancellation));
            Assert.Equal("false", await production.Server.ScalarAsync(ask, Cancellation));
        }
        await Eventually.IsAsync(async () => await production.Server.ScalarAsync(ask, Cancellation) == "true");
    }

    [Fact(Timeout = 120_000)]
    public async Task Revisions_are_read_from_a_table_that_is_missing_empty_or_holds_several_of_any_length()
    {
        var server = await production.CreateAsync("versions", "", Cancellation);
        var missing = await AlembicVersion.ReadAsync(server, Cancellation);
        Assert.Contains("expected a table alembic_version", Assert.Throws<RunbookException>(() => missing.Stamped()).Message, StringComparison.Ordinal);

        await server.ExecuteAsync("CREATE SCHEMA app; ALTER DATABASE versions SET search_path = app; CREATE TABLE app.alembic_version (version_num text);", Cancellation);
        var empty = await AlembicVersion.ReadAsync(server, Cancellation);
        Assert.Contains("app.alembic_version, found none", Assert.Throws<RunbookException>(() => empty.Stamped()).Message, StringComparison.Ordinal);

        var lengthy = new string('f', 300);
        await server.ExecuteAsync($"INSERT INTO app.alembic_version VALUES ('{lengthy}'), ('abc');", Cancellation);
        var several = await AlembicVersion.ReadAsync(server, Cancellation);
        Assert.Equal(["abc", lengthy], several.Stamped());
        Assert.Contains("found 2: abc", Assert.Throws<RunbookException>(() => several.OnlyOne()).Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("quote ' and \" and \\ and \n\\echo injected\n:x $$")]
    [InlineData("\\")]
    [InlineData("'; \\! touch /tmp/runback-injected\n")]
    public async Task Hostile_values_and_names_arrive_as_they_are(string hostile)
    {
        await using var session = await production.Server.OpenAsync("hostile", Cancellation);
        foreach (SqlClient client in new SqlClient[] { session, production.Server })
        {
            var rows = await client.QueryAsync($"SELECT {SqlText.Literal(hostile)} AS {SqlText.Identifier(hostile)}", Cancellation);
            Assert.Equal(hostile, rows[0].GetProperty(hostile).GetString());
        }
    }

    private static Task<PostgresException> FailureAsync(PostgresServerAddress address) =>
        Assert.ThrowsAsync<PostgresException>(() => new PostgresServer(address, Shell.Quiet).ScalarAsync("SELECT 1", Cancellation));
}
