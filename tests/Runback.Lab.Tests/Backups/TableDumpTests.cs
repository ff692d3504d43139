using Runback.Lab.Tests.Restores;
using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Backups;

/// <summary>The dump of the tables that lose data holds every row of them, or there is none.</summary>
[Tier(Tier.Default)]
[Collection(nameof(RestoreServer))]
public sealed class TableDumpTests(RestoreServer postgres) : IDisposable
{
    // A pattern would take its neighbours along: *, ?, ., $, brackets and upper case.
    private const string Strange = "a*.?$[b]\"C\"";
    private const string Tables =
        """"
        SET search_path = public; CREATE SCHEMA "Side.ways"; CREATE TYPE "Side.ways".mood AS ENUM ('ok', 'bad');
        CREATE TABLE "Side.ways"."Events" (id int, year int NOT NULL, mood "Side.ways".mood DEFAULT 'bad', note text, loud text GENERATED ALWAYS AS (upper(note)) STORED) PARTITION BY LIST (year);
        CREATE TABLE "events.2025" PARTITION OF "Side.ways"."Events" FOR VALUES IN (2025);
        CREATE TABLE "Side.ways".later PARTITION OF "Side.ways"."Events" DEFAULT PARTITION BY RANGE (id);
        CREATE TABLE "Side.ways"."later ""1""" PARTITION OF "Side.ways".later DEFAULT;
        CREATE TABLE "Side.ways".empty PARTITION OF "Side.ways"."Events" FOR VALUES IN (1999);
        CREATE TABLE animals (id int, name text); CREATE TABLE dogs (breed text) INHERITS (animals); CREATE TABLE puppies () INHERITS (dogs);
        CREATE TABLE "a*.?$[b]""C""" (line text); CREATE TABLE "aXX.X$b""C""" (line text); CREATE TABLE "a*.?$[b]""c""" (line text);
        CREATE UNLOGGED TABLE cache (key text);
        CREATE TABLE guarded (a int); ALTER TABLE guarded ENABLE ROW LEVEL SECURITY; ALTER TABLE guarded FORCE ROW LEVEL SECURITY;
        INSERT INTO "Side.ways"."Events" (id, year, note) SELECT i, 2025 + i % 2, E'line\n\\.\nCOPY public.cache (key) FROM stdin;\n' || i FROM generate_series(1, 100) i;
        INSERT INTO animals VALUES (1, 'cat'); INSERT INTO dogs VALUES (2, 'rex', 'mix'); INSERT INTO puppies VALUES (3, 'bo', 'mix'), (4, 'mo', 'mix');
        INSERT INTO "a*.?$[b]""C""" SELECT repeat('x', 300000) FROM generate_series(1, 5); INSERT INTO "aXX.X$b""C""" VALUES ('other'); INSERT INTO "a*.?$[b]""c""" VALUES ('other');
        INSERT INTO cache VALUES ('a'), (''), (NULL); INSERT INTO guarded VALUES (1), (2);
        """";

    private static readonly (string, string)[] All = [("Side.ways", "Events"), ("public", "animals"), ("public", Strange), ("public", "cache"), ("public", "guarded")];
    private readonly RestoreWorkshop _workshop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workshop.Dispose();

    [Theory(Timeout = 540_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_row_is_in_it_with_partitions_and_children_whatever_the_names_are(bool eachByName)
    {
        var server = await postgres.CreateAsync($"kept {eachByName}", Cancellation);
        await server.ExecuteAsync(Tables, Cancellation);
        var file = Path.Combine(_workshop.Folder, "kept.dump");

        var kept = await new TableDump(server, Shell.Quiet) { EachByName = eachByName }.WriteAsync(file, All, Cancellation);

        Assert.Equal(
            ["Side.ways.empty 0", "Side.ways.later \"1\" 50", "public.a*.?$[b]\"C\" 5", "public.animals 1", "public.cache 3", "public.dogs 1", "public.events.2025 50", "public.guarded 2", "public.puppies 2"],
            kept.Select(table => $"{table.Schema}.{table.Table} {table.Rows}").Order(StringComparer.Ordinal));
        await using (var dump = File.OpenRead(file))
        {
            var hash = Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(dump, Cancellation));
            Assert.Equal($"{hash}  kept.dump\n", await File.ReadAllTextAsync(ChecksumFile.PathOf(file), Cancellation));
        }
        const string rows =
            """"
            SELECT concat_ws(' ', (SELECT md5(string_agg(e::text, ',' ORDER BY id)) FROM "Side.ways"."Events" e), (SELECT string_agg(a::text, ',' ORDER BY id) FROM animals a),
                   (SELECT string_agg(d::text, ',' ORDER BY id) FROM dogs d), (SELECT md5(string_agg(line, ',')) FROM "a*.?$[b]""C"""), (SELECT string_agg(c::text, ',' ORDER BY c::text) FROM cache c),
                   (SELECT sum(a) FROM guarded), to_regclass('"aXX.X$b""C"""'), to_regclass('"a*.?$[b]""c"""'))
            """";
        await server.ExecuteAsync(
            """"
            DROP TABLE "aXX.X$b""C"""; DROP TABLE "a*.?$[b]""c""";
            """", Cancellation);
        var before = await server.ScalarAsync(rows, Cancellation);
        var looked = await LookedUpAsync(server, file, $"looked up {eachByName}");
        Assert.Equal(before, await looked.ScalarAsync(rows, Cancellation));
    }

    [Fact(Timeout = 540_000)]
    public async Task A_dump_that_lacks_rows_and_one_of_a_table_that_is_gone_leave_no_file()
    {
        var server = await postgres.CreateAsync("not kept", Cancellation);
        await server.ExecuteAsync(Tables, Cancellation);
        var file = Path.Combine(_workshop.Folder, "kept.dump");

        var gone = await Assert.ThrowsAnyAsync<RunbookException>(() => new TableDump(server, Shell.Quiet).WriteAsync(file, [("public", "cache"), ("public", "Cache")], Cancellation));
        Assert.Contains("public.\"Cache\"", gone.Message, StringComparison.Ordinal);
        Assert.NotNull(gone.Hint);

        // A pg_dump that leaves the data of partitions out, without a word.
        await Shell.Quiet.ReadAsync(new Command("docker", "exec", "--user=root", postgres.Container, "sh", "-c",
            """
            cd "$(dirname "$(command -v pg_dump)")" && mv pg_dump pg_dump.real && chmod 755 . &&
            printf '#!/bin/sh\nexec "$0.real" --exclude-table-data='"'"'public."events.2025"'"'"' "$@"\n' > pg_dump && chmod 755 pg_dump
            """), Cancellation);
        try
        {
            var lacking = await Assert.ThrowsAnyAsync<RunbookException>(() => new TableDump(server, Shell.Quiet).WriteAsync(file, All, Cancellation));
            Assert.Contains("expected 50 rows of public.\"events.2025\"", lacking.Message, StringComparison.Ordinal);
            Assert.Contains("found 0", lacking.Message, StringComparison.Ordinal);
            Assert.Contains("nothing was downgraded", lacking.Hint, StringComparison.Ordinal);
        }
        finally
        {
            await Shell.Quiet.TryAsync(new Command("docker", "exec", "--user=root", postgres.Container, "sh", "-c",
                """cd "$(dirname "$(command -v pg_dump)")" && mv pg_dump.real pg_dump"""), CancellationToken.None);
        }
        Assert.Empty(Directory.GetFiles(_workshop.Folder, "kept.dump*"));
    }

    private static async Task<PostgresServer> LookedUpAsync(PostgresServer server, string file, string name)
    {
        await server.ExecuteAsync($"CREATE DATABASE {SqlText.Identifier(name)} TEMPLATE template0;", Cancellation);
        var looked = server.On(name);
        // A dump of tables holds neither schemas nor types.
        await looked.ExecuteAsync("""CREATE SCHEMA "Side.ways"; CREATE TYPE "Side.ways".mood AS ENUM ('ok', 'bad');""", Cancellation);
        await using var restore = await Shell.StartAsync(looked.Program("pg_restore", "looked-up", ["--exit-on-error"]));
        await using (var dump = File.OpenRead(file))
            await dump.CopyToAsync(restore.Input.BaseStream, Cancellation);
        restore.Input.Close();
        var complaint = await restore.Error;
        Assert.True(await restore.WaitAsync(Cancellation) == 0, complaint);
        return looked;
    }
}
