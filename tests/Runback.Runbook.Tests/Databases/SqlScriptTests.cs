using Runback.Runbook.Databases;

namespace Runback.Runbook.Tests.Databases;

public sealed class SqlScriptTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData(" ;; -- nothing; at all\n ; /* nor; here */", new string[0])]
    [InlineData("SELECT 1", new[] { "SELECT 1" })]
    [InlineData("A; B ;\nC;", new[] { "A", "B", "C" })]
    [InlineData("INSERT INTO t VALUES ('a;b', 'it''s; c'); B", new[] { "INSERT INTO t VALUES ('a;b', 'it''s; c')", "B" })]
    [InlineData("""SELECT 1 AS "a;""b;"; B""", new[] { """SELECT 1 AS "a;""b;" """, "B" })]
    [InlineData(@"SELECT E'\'; x', e'\\'; B", new[] { @"SELECT E'\'; x', e'\\'", "B" })]
    [InlineData(@"SELECT 'a\'; B", new[] { @"SELECT 'a\'", "B" })]
    [InlineData("SELECT 'a' -- it's; one\n, 2; B", new[] { "SELECT 'a' -- it's; one\n, 2", "B" })]
    [InlineData("SELECT /* a; /* b; */ c; */ 1; B", new[] { "SELECT /* a; /* b; */ c; */ 1", "B" })]
    [InlineData("DO $$BEGIN; END$$; B", new[] { "DO $$BEGIN; END$$", "B" })]
    [InlineData("DO $a$ $b$; $$; $a$; B", new[] { "DO $a$ $b$; $$; $a$", "B" })]
    [InlineData("SELECT $1; B", new[] { "SELECT $1", "B" })]
    [InlineData("SELECT a$b$c; B", new[] { "SELECT a$b$c", "B" })]
    [InlineData("CREATE RULE r AS ON INSERT TO t DO ALSO (A; B); C", new[] { "CREATE RULE r AS ON INSERT TO t DO ALSO (A; B)", "C" })]
    [InlineData("BEGIN; A; END; B", new[] { "BEGIN", "A", "END", "B" })]
    [InlineData("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END; B", new[] { "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END", "B" })]
    [InlineData("SELECT 'never ends; B", new[] { "SELECT 'never ends; B" })]
    [InlineData("SELECT $$never ends; B", new[] { "SELECT $$never ends; B" })]
    [InlineData("A /* never ends; B", new[] { "A /* never ends; B" })]
    [InlineData("SELECT 'Ä; €'; B", new[] { "SELECT 'Ä; €'", "B" })]
    public void A_semicolon_ends_a_statement_only_where_psql_sees_one(string sql, string[] statements) =>
        Assert.Equal(statements.Select(statement => statement.Trim()), SqlScript.Statements(sql));
}
