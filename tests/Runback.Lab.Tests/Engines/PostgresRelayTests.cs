using Runback.Lab.Tests.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Processes;

namespace Runback.Lab.Tests.Engines;

/// <summary>The way to the server: many sessions over one program, whichever program the container has, and never at the server's cost.</summary>
[Collection(nameof(ProductionDatabase))]
public sealed class PostgresRelayTests(ProductionDatabase production)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Tier(Tier.Default)]
    [Fact(Timeout = 240_000)]
    public async Task A_relay_that_is_killed_again_and_again_costs_its_sessions_and_never_the_server()
    {
        var server = production.Server;
        var started = await server.ScalarAsync("SELECT pg_postmaster_start_time()::text || pg_conf_load_time()", Cancellation);
        for (var round = 0; round < 5; round++)
        {
            await using var session = await server.OpenAsync("runback-cut", Cancellation);
            await session.ExecuteAsync("BEGIN; LOCK TABLE bookings IN ACCESS EXCLUSIVE MODE;", Cancellation);
            await KillRelaysAsync();
            await Assert.ThrowsAsync<PostgresException>(() => session.ExecuteAsync("COMMIT;", Cancellation));
            // The next session comes over a relay of its own, and nothing is held any more.
            await Eventually.IsAsync(async () => await server.ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'runback-cut'", Cancellation) == "0");
            Assert.Equal("1203", await server.ScalarAsync("SELECT count(*) FROM bookings", Cancellation));
        }
        Assert.Equal(started, await server.ScalarAsync("SELECT pg_postmaster_start_time()::text || pg_conf_load_time()", Cancellation));
    }

    [Tier(Tier.Default)]
    [Theory(Timeout = 240_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_sessions_side_by_side_each_get_their_own_answers(bool python)
    {
        await using var container = await BesideAsync(python);
        var server = new PostgresServer(production.Server.Address with { Container = container.Name }, Shell.Quiet);
        // One that doesn't read holds up neither the others nor the relay.
        await using var reader = await PostgresConnection.OpenAsync(server.Address, "runback-slow", Cancellation);
        using var rows = await reader.BeginTextExportAsync("COPY (SELECT repeat('x', 100000) FROM generate_series(1, 300)) TO STDOUT", Cancellation);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => server.ScalarAsync($"SELECT length(repeat('{number % 10}', {100_000 + number}))", Cancellation)));
        Assert.Equal(Enumerable.Range(0, 12).Select(number => $"{100_000 + number}"), answers);
        var count = 0;
        while (await rows.ReadLineAsync(Cancellation) is { } line)
        {
            Assert.Equal(100_000, line.Length);
            count++;
        }
        Assert.Equal(300, count);
        var text = new string('y', 5_000_000);
        var large = await server.ScalarAsync($"SELECT encode(sha256('{text}'::bytea), 'hex')", Cancellation);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(text))), large);
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 240_000)]
    public async Task What_refuses_the_connection_is_named()
    {
        var nowhere = new PostgresServer(production.Server.Address with { SocketDirectory = "/nowhere" }, Shell.Quiet);
        var error = await Assert.ThrowsAsync<PostgresException>(() => nowhere.ScalarAsync("SELECT 1", Cancellation));
        Assert.Contains("/nowhere/.s.PGSQL.5432: No such file or directory", error.Message, StringComparison.Ordinal);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 480_000)]
    public async Task A_pooler_in_the_server_s_place_is_told_from_it()
    {
        // Behind it is a server of its own, so that everything but the pooler is as it should be.
        const string Script = """
            lab-postgres postgres -p 6000 &
            until pg_isready -q -p 6000; do sleep 0.2; done
            printf '[databases]\n* = host=/var/run/postgresql port=6000 user=postgres\n[pgbouncer]\nlisten_port = 5432\nunix_socket_dir = /var/run/postgresql\nauth_type = any\nignore_startup_parameters = extra_float_digits\n' > /tmp/pooler.ini
            exec setpriv --reuid postgres --regid postgres --init-groups pgbouncer /tmp/pooler.ini
            """;
        var name = $"runback-pooler-test-{Guid.NewGuid():N}"[..32];
        var folder = Directory.CreateTempSubdirectory("runback-pooler-").FullName;
        await using var container = new Beside(name, true);
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, "Dockerfile"), $"FROM {ProductionDatabase.Image}\nRUN apt-get update -qq && apt-get install -y -qq --no-install-recommends pgbouncer\n", Cancellation);
            await Shell.Quiet.ReadAsync(new Command("docker", "build", "--quiet", "--network", "host", "--tag", name, folder).WithEnvironment("DOCKER_BUILDKIT", "0"), Cancellation);
            await Shell.Quiet.ReadAsync(
                new Command("docker", "run", "--detach", "--network=none", "--name=" + name, "--env=POSTGRES_HOST_AUTH_METHOD=trust", "--env=POSTGRES_PASSWORD=x", name, "sh", "-c", Script), Cancellation);
            var server = new PostgresServer(new PostgresServerAddress(name, "postgres", "postgres"), Shell.Quiet);
            PostgresException? error = null;
            await Eventually.IsAsync(async () =>
            {
                error = await Assert.ThrowsAsync<PostgresException>(() => server.ScalarAsync("SELECT 1", Cancellation));
                return error.Message.Contains("a connection pooler", StringComparison.Ordinal);
            });
            Assert.Equal($"expected PostgreSQL itself in {name}, found a connection pooler in front of it", error!.Message);
            Assert.Contains("--database-service", error.Hint, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            await Shell.Quiet.TryAsync(new Command("docker", "rm", "--force", "--volumes", name), CancellationToken.None);
            await Shell.Quiet.TryAsync(new Command("docker", "rmi", name), CancellationToken.None);
        }
    }

    // The server's network and, for python, an image whose perl is hidden.
    private async Task<Beside> BesideAsync(bool python)
    {
        if (!python)
            return new Beside(production.Container, false);
        var name = $"runback-relay-test-{Guid.NewGuid():N}"[..32];
        await Shell.Quiet.ReadAsync(
            new Command("docker", "run", "--detach", "--rm", "--name=" + name, "--network=container:" + production.Container, "--volume=/dev/null:/usr/bin/perl:ro",
                "--entrypoint=sleep", await PythonImage.Value, "600"), Cancellation);
        return new Beside(name, true);
    }

    private static readonly Lazy<Task<string>> PythonImage = new(() => ProductionDatabase.BuildAsync("python"));

    // The relay is the one process in the container with its own source among its arguments.
    private async Task KillRelaysAsync() => await Shell.Quiet.ReadAsync(
        new Command("docker", "exec", production.Container, "sh", "-c",
            "for p in /proc/[0-9]*; do if tr '\\0' ' ' < $p/cmdline 2>/dev/null | grep -q '^perl -e use strict'; then kill -9 \"${p#/proc/}\"; fi; done; true"), Cancellation);

    private sealed record Beside(string Name, bool Own) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (Own)
                await Shell.Quiet.TryAsync(new Command("docker", "rm", "--force", Name), CancellationToken.None);
        }
    }
}
