using Runback.Lab.Tests.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Processes;

namespace Runback.Lab.Tests.Restores;

/// <summary>A PostgreSQL for these tests, in which everything that can be in a restore's way is switched on.</summary>
public sealed class RestoreServer : IAsyncLifetime
{
    private readonly string _container = $"runback-restores-test-{Guid.NewGuid():N}"[..32];

    public PostgresServer Server => new(new PostgresServerAddress(_container, "postgres", "postgres"), Shell.Quiet);

    public string Container => _container;

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await Shell.Quiet.ReadAsync(new Command("docker", "run", "--detach", "--rm", "--network=none", "--name=" + _container,
            "--env=POSTGRES_PASSWORD=" + ProductionDatabase.Password, ProductionDatabase.Image,
            "-c", "fsync=off", "-c", "max_prepared_transactions=5", "-c", "wal_level=logical"), cancellation);
        for (var tries = 0; ; tries++)
        {
            try
            {
                if (await Server.ScalarAsync("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)", cancellation) == "1")
                    break;
            }
            catch (PostgresException) when (tries < 200)
            {
                // Not yet.
            }
            await Task.Delay(100, cancellation);
        }
        await Server.ExecuteAsync("CREATE ROLE app LOGIN; CREATE ROLE reader LOGIN;", cancellation);
    }

    /// <summary>An application's database with rows, revision, extension, sequences, large objects, and what belongs to it as a whole.</summary>
    public async Task<PostgresServer> CreateAsync(string name, CancellationToken cancellation)
    {
        var database = SqlText.Identifier(name);
        await Server.ExecuteAsync(
            $"""
            CREATE DATABASE {database} TEMPLATE template0 OWNER app ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' CONNECTION LIMIT 40;
            ALTER DATABASE {database} SET lock_timeout TO '5s';
            ALTER DATABASE {database} SET search_path TO "$user", 'Strange, "schema"', public;
            ALTER DATABASE {database} SET "shop.tenant" TO 'it''s \ ours';
            ALTER ROLE app IN DATABASE {database} SET statement_timeout TO '7s';
            REVOKE ALL ON DATABASE {database} FROM PUBLIC;
            GRANT CONNECT ON DATABASE {database} TO reader WITH GRANT OPTION;
            COMMENT ON DATABASE {database} IS 'it''s the shop';
            """, cancellation);
        var server = Server.On(name);
        await server.ExecuteAsync(
            """"
            CREATE EXTENSION pg_trgm;
            CREATE SCHEMA "Strange, ""schema""";
            CREATE TABLE alembic_version (version_num varchar(64) PRIMARY KEY);
            INSERT INTO alembic_version VALUES ('a1');
            CREATE TABLE customers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
            CREATE TABLE bookings (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), note text, created_at timestamptz NOT NULL DEFAULT now());
            CREATE TABLE ledger (account text, amount numeric);
            INSERT INTO customers (name) SELECT 'Customer ' || i FROM generate_series(1, 100) i;
            INSERT INTO bookings (note) SELECT md5(i::text) FROM generate_series(1, 50) i;
            INSERT INTO ledger SELECT 'a' || i % 3, 1 FROM generate_series(1, 30) i;
            GRANT USAGE ON SCHEMA "Strange, ""schema""" TO app, reader; GRANT SELECT ON alembic_version TO app;
            ALTER TABLE customers OWNER TO app; GRANT SELECT ON customers TO reader;
            ALTER TABLE bookings OWNER TO app; ALTER TABLE ledger OWNER TO app;
            SELECT lo_from_bytea(0, 'a large object');
            """", cancellation);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await Shell.Quiet.TryAsync(new Command("docker", "rm", "--force", "--volumes", _container), patience.Token);
    }
}

[CollectionDefinition(nameof(RestoreServer))]
public sealed class RestoreServerDefinition : ICollectionFixture<RestoreServer>;
