using Runback.Runbook.Rehearsals.Observation;

namespace Runback.Lab.Tests.Rehearsals.Observation;

[Collection(nameof(ScratchDatabase))]
public sealed class ObservedVerdictTests(ScratchDatabase scratch)
{
    private const int Every = 6;
    private const string Strange = "\"Strange \"\"names\"\"\".\"); \\echo :x '$$\"";

    /// <summary>A migration, and the reasons that running it gives.</summary>
    public static TheoryData<string, string[]> Migrations => new()
    {
        // Nothing that old code notices.
        { "CREATE TABLE new_one (id int PRIMARY KEY, customer_id int REFERENCES customers); INSERT INTO new_one VALUES (1, 1); UPDATE new_one SET customer_id = 2;", [] },
        { "ALTER TABLE bookings ADD COLUMN extra text, ADD COLUMN flag boolean NOT NULL DEFAULT false;", [] },
        { "CREATE INDEX ON bookings (note); CREATE VIEW v AS SELECT 1 AS one; CREATE SCHEMA s; CREATE TYPE t AS ENUM ('a'); CREATE SEQUENCE q;", [] },
        { "ALTER TABLE bookings ADD COLUMN code text; ALTER TABLE bookings ADD CONSTRAINT u UNIQUE (code); CREATE UNIQUE INDEX ON bookings (lower(code));", [] },
        { "ALTER TABLE bookings ADD COLUMN kind varchar(9) NOT NULL DEFAULT 'a'; ALTER TABLE bookings ADD CONSTRAINT k CHECK (kind IN ('a', 'b'));", [] },
        { "ALTER TABLE bookings ADD COLUMN m mood NOT NULL DEFAULT 'ok'; ALTER TABLE bookings ADD CONSTRAINT k CHECK (m = 'ok');", [] },
        { "ALTER TABLE bookings ADD COLUMN parent bigint REFERENCES bookings;", [] },
        { "CREATE TEMPORARY TABLE t (id int); INSERT INTO t SELECT id FROM customers; DROP TABLE t; UPDATE alembic_version SET version_num = 'r2'; ALTER TABLE alembic_version ALTER version_num TYPE varchar(64);", [] },
        { "CREATE TABLE invoices_2027 PARTITION OF invoices FOR VALUES IN (2027);", [] },
        { "ALTER TABLE bookings ALTER CONSTRAINT bookings_customer_fk NOT DEFERRABLE; COMMENT ON TABLE bookings IS 'x'; GRANT INSERT ON customers TO reader;", [] },
        { "DROP VIEW open_bookings; CREATE VIEW open_bookings AS SELECT id, note FROM bookings; DROP INDEX customers_name_idx; CREATE INDEX customers_name_idx ON customers (name);", [] },
        { "BEGIN; UPDATE customers SET name = 'x'; DELETE FROM bookings; ROLLBACK;", [] },
        // What is gone.
        { "DROP TABLE vault;", ["drop-table vault"] },
        { "DROP TABLE invoices;", ["drop-table invoices", "drop-table invoices_2025"] },
        { "ALTER TABLE bookings RENAME TO reservations;", ["rename-table bookings", "replace-object open_bookings", "replace-object totals"] },
        { "ALTER TABLE customers DROP COLUMN email;", ["drop-column customers.email"] },
        { "ALTER TABLE customers RENAME email TO mail;", ["rename-column customers.email"] },
        { $"ALTER TABLE {Strange} DROP COLUMN \"a.b \"\"c\"\"\";", [$"drop-column {Strange}.\"a.b \"\"c\"\"\""] },
        { "DROP VIEW open_bookings;", ["drop-view open_bookings"] },
        { "DROP MATERIALIZED VIEW totals;", ["drop-view totals"] },
        { "DROP FUNCTION greet;", ["drop-function greet(name text)"] },
        { "DROP SEQUENCE tickets;", ["drop-sequence tickets"] },
        { "DROP DOMAIN positive; DROP TYPE pair;", ["drop-type pair", "drop-type positive"] },
        { "DROP SCHEMA empty;", ["drop-schema empty"] },
        { "DROP EXTENSION pg_trgm;", ["drop-extension pg_trgm"] },
        { "ALTER TABLE customers DROP COLUMN nick; ALTER TABLE customers ADD COLUMN nick text;", ["drop-column customers.nick", "drop-unique customers_nick_uq"] },
        { "CREATE TABLE copy (LIKE vault INCLUDING ALL); DROP TABLE vault; ALTER TABLE copy RENAME TO vault; ALTER INDEX copy_pkey RENAME TO vault_pkey;",
            ["change-policy vault.own", "drop-table vault"] },
        // Columns.
        { "ALTER TABLE customers ALTER name TYPE varchar(80), ALTER amount TYPE numeric(12, 2);", ["widen-column-type customers.amount", "widen-column-type customers.name"] },
        { "ALTER TABLE customers ALTER name TYPE varchar(30);", ["change-column-type customers.name"] },
        { "ALTER TABLE customers ALTER email TYPE text COLLATE \"C\";", ["change-column-type customers.email"] },
        { "ALTER TABLE bookings ALTER note SET NOT NULL;", ["set-not-null bookings.note"] },
        { "ALTER TABLE customers ALTER name DROP NOT NULL;", ["drop-not-null customers.name"] },
        { "ALTER TABLE bookings ADD COLUMN must int; UPDATE bookings SET must = 1; ALTER TABLE bookings ALTER must SET NOT NULL;",
            ["add-required-column bookings.must", "backfill-column bookings"] },
        { "ALTER TABLE customers ALTER score DROP DEFAULT, ALTER mood SET DEFAULT 'bad';", ["change-default customers.mood", "drop-default customers.score"] },
        { "ALTER TABLE bookings ALTER id DROP IDENTITY;", ["change-identity bookings.id", "drop-sequence bookings_id_seq"] },
        { "ALTER TABLE bookings ALTER total DROP EXPRESSION;", ["change-generated-column bookings.total"] },
        { "ALTER TABLE bookings ADD COLUMN n int GENERATED ALWAYS AS (customer_id * 2) STORED;", ["expression-may-fail bookings.n"] },
        // Constraints and indexes.
        { "ALTER TABLE bookings ADD CONSTRAINT u UNIQUE (customer_id);", ["add-unique bookings.u"] },
        { "CREATE UNIQUE INDEX cu ON bookings (customer_id);", ["add-unique cu"] },
        { "ALTER TABLE bookings ADD CONSTRAINT x EXCLUDE USING btree (customer_id WITH =);", ["add-unique bookings.x"] },
        { "ALTER TABLE bookings ADD CONSTRAINT c CHECK (note IS NOT NULL) NOT VALID;", ["add-check bookings.c"] },
        { "ALTER TABLE bookings ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES bookings;", ["add-foreign-key bookings.f"] },
        { "ALTER TABLE vault DROP CONSTRAINT vault_pkey;", ["change-primary-key vault"] },
        { "ALTER TABLE extra.things ADD PRIMARY KEY (id);", ["change-primary-key extra.things", "set-not-null extra.things.id"] },
        { "ALTER TABLE customers DROP CONSTRAINT customers_email_key; DROP INDEX customers_nick_uq;", ["drop-unique customers.customers_email_key", "drop-unique customers_nick_uq"] },
        { "ALTER TABLE customers DROP CONSTRAINT customers_score_check; ALTER TABLE bookings DROP CONSTRAINT bookings_customer_fk;",
            ["drop-constraint bookings.bookings_customer_fk", "drop-constraint customers.customers_score_check"] },
        { "ALTER TABLE customers RENAME CONSTRAINT customers_email_key TO e; ALTER INDEX customers_name_idx RENAME TO n;",
            ["rename-constraint customers.customers_email_key", "rename-constraint customers_name_idx"] },
        { "DROP INDEX customers_name_idx;", ["drop-index customers_name_idx"] },
        // Guards.
        { "CREATE TRIGGER t BEFORE INSERT ON vault FOR EACH ROW EXECUTE FUNCTION touch();", ["add-trigger vault.t"] },
        { "CREATE TRIGGER t BEFORE INSERT ON vault FOR EACH ROW EXECUTE FUNCTION refuse();", ["add-guard vault.t"] },
        { "ALTER TABLE bookings DISABLE TRIGGER bookings_touch;", ["change-trigger bookings.bookings_touch"] },
        { "CREATE RULE r AS ON DELETE TO vault DO INSTEAD NOTHING;", ["add-guard vault.r"] },
        { "ALTER TABLE vault ENABLE ROW LEVEL SECURITY;", ["row-level-security vault"] },
        { "CREATE POLICY more ON vault USING (true); CREATE POLICY less ON vault AS RESTRICTIVE USING (false); DROP POLICY own ON vault;",
            ["add-policy vault.more", "change-policy vault.less", "change-policy vault.own"] },
        { "REVOKE SELECT ON customers FROM reader;", ["revoke-privileges customers to reader"] },
        { "ALTER TABLE invoices ATTACH PARTITION invoices_2026 FOR VALUES IN (2026);", ["change-partitions invoices_2026"] },
        { "ALTER TABLE invoices DETACH PARTITION invoices_2025;", ["change-partitions invoices"] },
        { "CREATE TABLE i27 (LIKE invoices); INSERT INTO i27 VALUES (1, 2027, 1); ALTER TABLE invoices ATTACH PARTITION i27 FOR VALUES IN (2027);", ["attach-partition invoices"] },
        // Types and functions.
        { "ALTER TYPE mood RENAME VALUE 'bad' TO 'sad'; ALTER TYPE mood ADD VALUE 'best';", ["add-enum-label mood", "add-enum-label mood", "remove-enum-label mood"] },
        { "ALTER DOMAIN positive ADD CHECK (VALUE < 10); ALTER DOMAIN positive SET NOT NULL; ALTER TYPE pair ADD ATTRIBUTE c int;", ["add-check positive", "alter-type pair", "alter-type positive"] },
        { "CREATE OR REPLACE FUNCTION greet(name text) RETURNS text LANGUAGE sql AS 'SELECT name'; CREATE FUNCTION greet(name text, again int) RETURNS text LANGUAGE sql AS 'SELECT name';",
            ["replace-object greet(name text)", "replace-object greet(name text, again integer)"] },
        { "CREATE OR REPLACE VIEW open_bookings AS SELECT id, note FROM bookings WHERE note <> '';", ["replace-object open_bookings"] },
        { "ALTER SEQUENCE tickets INCREMENT 5; ALTER TABLE vault SET (fillfactor = 50);", ["alter-object tickets", "alter-object vault"] },
        // Rows.
        { "UPDATE customers SET name = 'x' WHERE id = 1;", ["update-rows customers"] },
        { "UPDATE customers SET name = name;", [] },
        { "ALTER TABLE customers ADD COLUMN upper_name text; UPDATE customers SET upper_name = upper(name);", ["backfill-column customers"] },
        { "ALTER TABLE customers ADD COLUMN upper_name text; UPDATE customers SET upper_name = upper(name), score = 1 WHERE id = 2;", ["update-rows customers"] },
        { "UPDATE customers a SET name = b.name FROM customers b WHERE (a.id, b.id) IN ((1, 2), (2, 1));", ["update-rows customers"] },
        { "INSERT INTO extra.things VALUES (1); DELETE FROM bookings WHERE id = 3;", ["delete-rows bookings", "insert-rows extra.things"] },
        { "TRUNCATE bookings;", ["delete-rows bookings"] },
        { "ALTER TABLE customers RENAME nick TO n; ALTER TABLE customers RENAME email TO nick; ALTER TABLE customers RENAME n TO email;",
            ["add-unique customers.customers_email_key", "add-unique customers_nick_uq", "drop-unique customers.customers_email_key", "drop-unique customers_nick_uq",
                "rename-object customers.email", "rename-object customers.nick"] },
    };

    /// <summary>Some from each part of the list: those that the default tier tries.</summary>
    public static IEnumerable<ITheoryDataRow> Some => Migrations.Where((_, index) => index % Every == 0);

    /// <summary>All others.</summary>
    public static IEnumerable<ITheoryDataRow> Others => Migrations.Where((_, index) => index % Every != 0);

    [Tier(Tier.Default)]
    [Theory(Timeout = 240_000), MemberData(nameof(Some))]
    public Task What_a_migration_does_is_judged_as_its_rule_says(string migration, string[] expected) => JudgeAsync(migration, expected);

    [Tier(Tier.Thorough)]
    [Theory(Timeout = 240_000), MemberData(nameof(Others))]
    public Task What_any_other_does_is_judged_as_its_rule_says(string migration, string[] expected) => JudgeAsync(migration, expected);

    private async Task JudgeAsync(string migration, string[] expected)
    {
        var (observed, after) = await scratch.ObserveAsync(migration, TestContext.Current.CancellationToken);
        var judgement = ObservedVerdict.Judge(scratch.Before, after, observed);
        var found = judgement.Reasons.Select(reason => $"{reason.Kind} {reason.Subject}").Order(StringComparer.Ordinal).ToArray();
        Assert.Empty(observed.Gaps);
        Assert.Equal(expected, found);
    }
}
