using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class ShadowTableTests
{
    [Theory]
    [InlineData("CREATE SCHEMA shop; CREATE TABLE shop.t (a int)")]
    [InlineData("CREATE TABLE shop.t (a int)")]
    [InlineData("CREATE SCHEMA AUTHORIZATION shop; CREATE VIEW shop.t AS SELECT 1")]
    [InlineData("CREATE TABLE shop.x (a int); ALTER TABLE shop.x RENAME TO t")]
    [InlineData("CREATE TABLE x (a int); ALTER TABLE x RENAME TO t2; CREATE SCHEMA shop; CREATE TABLE shop.t (a int)")]
    public void A_new_relation_with_an_old_one_s_name_is_for_caution(string sql) => JudgeAfter("CREATE TABLE t (a int)", sql).Is(Verdict.Caution, "shadow-table");

    [Theory]
    [InlineData("CREATE SCHEMA shop; CREATE TABLE shop.u (a int)")]
    [InlineData("CREATE TABLE u (a int); CREATE SCHEMA shop; CREATE TABLE shop.u (a int)")]
    public void Any_other_name_is_additive(string sql) => JudgeAfter("CREATE TABLE t (a int)", sql).IsAdditive();
}
