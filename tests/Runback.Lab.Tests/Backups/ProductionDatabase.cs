using Runback.Runbook.Databases;
using Runback.Runbook.Processes;

namespace Runback.Lab.Tests.Backups;

/// <summary>A PostgreSQL that plays production for these tests: its own container, without a network, filled with what makes dumps hard.</summary>
public sealed class ProductionDatabase : IAsyncLifetime
{
    private static readonly Lazy<Task<string>> Building = new(() => BuildAsync("postgres"));

    /// <summary>The lab's PostgreSQL, built when this machine doesn't have it.</summary>
    public static string Image => Building.Value.GetAwaiter().GetResult();

    public const string Database = "cleaning";
    public const string Password = "right-password";

    private const string Schema =
        """"
        CREATE ROLE app LOGIN; CREATE ROLE reader; CREATE ROLE scram_user LOGIN SUPERUSER PASSWORD 'right-password';
        ALTER DATABASE cleaning SET lock_timeout = '5s';
        CREATE EXTENSION pg_trgm;
        CREATE TABLE customers (id serial PRIMARY KEY, name text NOT NULL, email text UNIQUE);
        CREATE TABLE bookings (id bigserial PRIMARY KEY, customer_id int REFERENCES customers, notes text);
        CREATE TABLE invoices (id int, year int NOT NULL, total numeric) PARTITION BY LIST (year);
        CREATE TABLE invoices_2025 PARTITION OF invoices FOR VALUES IN (2025);
        CREATE TABLE invoices_2026 PARTITION OF invoices FOR VALUES IN (2026);
        CREATE SCHEMA "Strange ""names""";
        CREATE TABLE "Strange ""names"""."); \echo :x '$$" (a int);
        CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM bookings;
        CREATE TABLE alembic_version (version_num varchar(64) PRIMARY KEY);
        INSERT INTO alembic_version VALUES ('b2c3d4');
        INSERT INTO customers (name, email) SELECT 'Customer ' || i, i || '@example.com' FROM generate_series(1, 500) i;
        INSERT INTO bookings (customer_id, notes) SELECT 1 + i % 500, 'ring at ' || md5(i::text) FROM generate_series(1, 1203) i;
        INSERT INTO invoices SELECT i, 2025 + i % 2, i FROM generate_series(1, 300) i;
        INSERT INTO "Strange ""names"""."); \echo :x '$$" SELECT generate_series(1, 7);
        REFRESH MATERIALIZED VIEW totals;
        SELECT lo_from_bytea(0, 'a large object');
        ALTER TABLE bookings OWNER TO app; GRANT SELECT ON customers TO reader;
        ALTER TABLE customers ENABLE ROW LEVEL SECURITY; CREATE POLICY all_rows ON customers TO reader USING (true);
        """";

    private bool _noisy;
    private readonly string _container = $"runback-backups-test-{Guid.NewGuid():N}"[..32];

    /// <summary>The server, on the application's database.</summary>
    public PostgresServer Server => new(new PostgresServerAddress(_container, "postgres", Database), Shell.Quiet);

    /// <summary>The container's name.</summary>
    public string Container => _container;

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await Building.Value;
        await Shell.Quiet.ReadAsync(new Command("docker", "run", "--detach", "--rm", "--network=none", "--name=" + _container,
            "--env=POSTGRES_PASSWORD=" + Password, "--env=POSTGRES_DB=" + Database, Image, "-c", "fsync=off"), cancellation);
        await ReadyAsync(cancellation);
        await Server.ExecuteAsync(Schema, cancellation);
        await Shell.Quiet.ReadAsync(new Command("docker", "exec", _container, "sed", "-i", "1i local all scram_user scram-sha-256",
            "/var/lib/postgresql/data/pg_hba.conf"), cancellation);
        await Server.ExecuteAsync("SELECT pg_reload_conf();", cancellation);
    }

    /// <summary>One of the lab's images, built on this host.</summary>
    internal static async Task<string> BuildAsync(string name)
    {
        var sources = Lab.LabFixture.For("backups", 0).Sources;
        var parent = await new BaseImage(Shell.Quiet, new Provisioner(Shell.Quiet)).EnsureAsync(sources, provision: false, CancellationToken.None);
        var image = LabImage.Service(sources, name, parent, name == "postgres" ? PostgresVersion.Default : null);
        await new LabImageBuilder(Shell.Quiet).EnsureAsync(image, "about 20 s", CancellationToken.None);
        return image.Reference;
    }

    /// <summary>Makes a database beside the application's.</summary>
    public async Task<PostgresServer> CreateAsync(string database, string statements, CancellationToken cancellation)
    {
        await Server.ExecuteAsync($"CREATE DATABASE {SqlText.Identifier(database)};", cancellation);
        var server = Server.On(database);
        if (statements.Length > 0)
            await server.ExecuteAsync(statements, cancellation);
        return server;
    }

    /// <summary>Makes a database with 20 MB that don't compress, so that a dump takes a while.</summary>
    public async Task<PostgresServer> CreateLargeAsync(string database, CancellationToken cancellation)
    {
        if (!_noisy)
        {
            await CreateAsync("noise",
                "CREATE EXTENSION pgcrypto; CREATE TABLE noise AS SELECT i AS id, gen_random_bytes(1000) AS bytes FROM generate_series(1, 20000) i;", cancellation);
        }
        _noisy = true;
        await Server.ExecuteAsync($"CREATE DATABASE {SqlText.Identifier(database)} TEMPLATE noise;", cancellation);
        return Server.On(database);
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await Shell.Quiet.TryAsync(new Command("docker", "rm", "--force", "--volumes", _container), patience.Token);
    }

    // An image's entrypoint may start a first server to set things up, and stop it again; the lasting one is process 1.
    private async Task ReadyAsync(CancellationToken cancellation)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                if (await Server.ScalarAsync("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)", cancellation) == "1")
                    return;
            }
            catch (PostgresException) when (tries < 200)
            {
                // Not yet.
            }
            await Task.Delay(100, cancellation);
        }
    }
}

[CollectionDefinition(nameof(ProductionDatabase))]
public sealed class ProductionDatabaseDefinition : ICollectionFixture<ProductionDatabase>;
