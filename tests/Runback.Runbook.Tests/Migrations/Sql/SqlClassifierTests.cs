using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Sql;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Sql;

public class SqlClassifierTests
{
    private static readonly string[] Pieces =
    [
        "CREATE", "TABLE", "t", "(", ")", "a", "int", ",", "ALTER", "ADD", "COLUMN", "DROP", "NOT", "NULL", "DEFAULT", "'x'", "1", "UPDATE", "SET", "=", "WHERE",
        "INSERT", "INTO", "SELECT", "FROM", "DELETE", "WITH", "AS", "INDEX", "ON", "UNIQUE", "IF", "EXISTS", "CASCADE", "TYPE", "ENUM", "GRANT", "REVOKE", "COMMENT",
        "IS", "$$", "--", "\n", ";", "'", "\"", "[", "]", "::", ".", "FUNCTION", "TRIGGER", "VIEW", "POLICY", "MERGE", "WHEN", "THEN", "DO", "TRUNCATE", "COPY", "CHECK",
        "REFERENCES", "EXECUTE", "BEGIN", "ATOMIC", "END", "COMMIT", "SCHEMA", "RENAME", "TO", "*", "ONLY", "USING", "SEQUENCE", "f(", "over(", "DISTINCT",
    ];

    private static readonly Gen<string> Statements = Gen.Elements(Pieces).ListOf().Select(pieces => string.Join(' ', pieces));

    private static ValueList<Change> Read(string sql) => SqlClassifier.Classify(sql, new SourceLine("a.py", 10));

    private static ObjectName Name(string name, string? schema = null) => ObjectName.Of(name, schema);

    [Fact]
    public void A_statement_has_the_line_that_it_begins_on() =>
        Assert.Equal([11, 13], Read("\nDROP TABLE a;\n\nDROP TABLE b").Select(change => change.At.Line));

    [Fact]
    public void Names_are_folded_and_public_is_no_schema() =>
        Assert.Equal(
            [Name("a"), Name("Order", "crm"), Name("b")],
            Read("DROP TABLE public.A, CRM.\"Order\", db.public.b").Cast<ObjectDropped>().Select(dropped => dropped.Name));

    [Fact]
    public void A_semicolon_ends_a_statement_only_outside_of_quotes_and_bodies() =>
        Assert.Equal(
            [typeof(ObjectCreated), typeof(Harmless), typeof(ObjectCreated)],
            Read("CREATE FUNCTION f() RETURNS int AS $$ SELECT ';'; $$; COMMENT ON TABLE t IS 'a;b'; "
                + "CREATE PROCEDURE p() BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END").Select(change => change.GetType()));

    [Fact]
    public void A_table_is_read_with_its_columns_and_constraints()
    {
        var changes = Read(
            """
            CREATE TABLE IF NOT EXISTS t (
                id bigserial PRIMARY KEY,
                "Name" character varying(40) COLLATE "C" DEFAULT 'it''s'::text NOT NULL,
                at timestamp(3) with time zone DEFAULT now(),
                tags text[] NOT NULL,
                room int CONSTRAINT r REFERENCES rooms (id) ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
                CONSTRAINT c CHECK (room > 0) NO INHERIT,
                UNIQUE NULLS NOT DISTINCT ("Name", at) INCLUDE (tags) WITH (fillfactor = 70),
                LIKE other INCLUDING ALL
            ) PARTITION BY RANGE (at) WITH (autovacuum_enabled = false)
            """);
        var table = Assert.IsType<TableCreated>(changes[0]);
        Assert.True(table.IfNotExists);
        Assert.Equal(
            [
                new ColumnSpec("id", "bigserial") { Identity = true, Nullable = false },
                new ColumnSpec("Name", "character varying(40)") { Default = "'it''s'::text", Nullable = false },
                new ColumnSpec("at", "timestamp(3) with time zone") { Default = "now()" },
                new ColumnSpec("tags", "text[]") { Nullable = false },
                new ColumnSpec("room", "int"),
            ],
            table.Columns);
        Assert.Equal(
            [
                new ConstraintSpec(ConstraintKind.PrimaryKey, ["id"]),
                new ConstraintSpec(ConstraintKind.ForeignKey, ["room"]) { Name = "r", References = Name("rooms"), ReferencedColumns = ["id"], OnDelete = "SET NULL" },
                new ConstraintSpec(ConstraintKind.Check, []) { Name = "c", Expression = "room > 0" },
                new ConstraintSpec(ConstraintKind.Unique, ["Name", "at"]) { NullsNotDistinct = true },
            ],
            changes.Skip(1).Cast<ConstraintAdded>().Select(added => added.Constraint));
    }

    [Fact]
    public void An_index_is_read_with_its_keys() =>
        Assert.Equal(
            new IndexCreated("i", Name("t", "s"), ["a", "(lower(b))", "(c || d)"]) { Unique = true, Concurrently = true, IfNotExists = true, Predicate = "a > 0", Method = "btree", Included = ["e"], At = new("a.py", 10) },
            Assert.Single(Read("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t USING btree (a DESC NULLS LAST, lower(b) text_ops, (c || d) COLLATE \"C\") INCLUDE (e) WHERE a > 0")));

    [Fact]
    public void An_update_names_every_column_that_it_sets() =>
        Assert.Equal(
            new RowsUpdated(Name("t"), ["a", "b", "c", "d"]) { At = new("a.py", 10) },
            Assert.Single(Read("UPDATE ONLY t AS x SET a = x.e IS DISTINCT FROM 1, (b, c) = (SELECT 1, 2), d[1] = 3 FROM y WHERE y.id = x.id RETURNING x.id")));

    [Fact]
    public void Changes_inside_WITH_come_first() =>
        Assert.Equal(
            [typeof(RowsDeleted), typeof(RowsInserted)],
            Read("WITH gone AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM gone ON CONFLICT (id) DO NOTHING").Select(change => change.GetType()));

    [Fact]
    public void MERGE_does_each_of_its_branches() =>
        Assert.Equal(
            [typeof(RowsUpdated), typeof(RowsDeleted), typeof(RowsInserted)],
            Read("MERGE INTO t USING s ON s.id = t.id WHEN MATCHED AND s.x THEN UPDATE SET a = 1 WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1)")
                .Select(change => change.GetType()));

    [Theory]
    [InlineData("SELECT 1 INTO t2")]
    [InlineData("CREATE TEMP TABLE t2 ON COMMIT DROP AS SELECT 1")]
    public void A_query_can_make_a_table(string sql) => Assert.Equal(Name("t2"), Read(sql).OfType<TableCreated>().Single().Name);

    [Theory]
    [InlineData("COMMENT ON COLUMN t.a IS 'x'")]
    [InlineData("SET LOCAL lock_timeout = '2s'")]
    [InlineData("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")]
    [InlineData("ANALYZE t")]
    [InlineData("SELECT a, b::numeric(8, 2), row_number() OVER (PARTITION BY c ORDER BY d) FROM (VALUES (1, 2)) AS v (a, b) WHERE a IN (SELECT 1)")]
    [InlineData("(SELECT 1) UNION ALL (SELECT 2)")]
    [InlineData("SELECT pg_advisory_xact_lock(7)")]
    [InlineData("ALTER TABLE t ALTER COLUMN a SET STORAGE EXTERNAL")]
    [InlineData("ALTER SEQUENCE s OWNED BY t.a")]
    [InlineData("EXPLAIN SELECT 1")]
    public void Harmless_statements_are_harmless(string sql) => Assert.All(Read(sql), change => Assert.IsType<Harmless>(change));

    [Theory]
    [InlineData("DO 'BEGIN END'")]
    [InlineData("EXECUTE plan")]
    [InlineData("EXPLAIN ANALYZE DELETE FROM t")]
    [InlineData("SELECT public.tidy()")]
    [InlineData("SELECT DISTINCT ON (a) tidy(b) FROM t")]
    [InlineData("CREATE TABLE t (a int) SOMETHING")]
    [InlineData("CREATE TABLE t AS EXECUTE plan")]
    [InlineData("DROP TABLE t RESTRICT x")]
    [InlineData("DELETE FROM t x y")]
    [InlineData("ALTER TABLE t ADD COLUMN a int NOT")]
    [InlineData("ALTER TABLE t ALTER a TYPE int USING a RESTRICT, ADD")]
    [InlineData("COPY t FROM PROGRAM 'x'")]
    [InlineData("SELECT (1")]
    [InlineData("ROLLBACK")]
    public void What_is_not_understood_is_unknown(string sql) => Assert.Contains(Read(sql), change => change is Unknown);

    [Fact(Timeout = 480_000)]
    public async Task Any_text_is_classified() => await Task.Run(
        () => Prop.ForAll(Statements.ToArbitrary(), sql => Read(sql).All(change => change.At.Line >= 10)).Check(Seeded.Config.WithMaxTest(3000)),
        TestContext.Current.CancellationToken);

    [Fact]
    public void Names_that_are_begin_and_atomic_hide_nothing_that_follows() =>
        Assert.Contains(Read("SELECT t.begin atomic FROM t; DROP TABLE bookings"), change => change is ObjectDropped);

    [Fact(Timeout = 480_000)]
    public async Task Whatever_stands_around_it_a_dropped_table_is_never_additive() => await Task.Run(
        () =>
        {
            // Quotes and comments around it could swallow the statement, and rightly so.
            var harmlessPieces = Pieces.Where(piece => piece is not ("'" or "\"" or "$$" or "--" or "(" or "f(" or "over(" or "[")).ToArray();
            var around = Gen.Elements(harmlessPieces).ListOf().Select(pieces => string.Join(' ', pieces));
            Prop.ForAll(around.ToArbitrary(), around.ToArbitrary(), (before, after) => Judge($"{before}; DROP TABLE bookings; {after}").Verdict >= Verdict.Unknown)
                .Check(Seeded.Config.WithMaxTest(2000));
        },
        TestContext.Current.CancellationToken);
}
