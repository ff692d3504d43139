using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class ReplaceObjectTests
{
    [Fact]
    public void A_function_that_may_be_replaced_is_for_caution() =>
        Judge("CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$SELECT 1$$").Is(Verdict.Caution, "replace-object");

    [Fact]
    public void A_view_that_may_be_replaced_is_for_caution() =>
        Judge("CREATE OR REPLACE VIEW v AS SELECT 1").Is(Verdict.Caution, "replace-object");

    [Fact]
    public void A_new_function_is_additive() =>
        Judge("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'").IsAdditive();

    [Fact]
    public void A_function_that_no_migration_made_before_is_new() =>
        JudgeAfter("CREATE TABLE t (a int)", "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'").IsAdditive();

    [Fact]
    public void A_second_function_of_the_name_is_for_caution() =>
        JudgeAfter("CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 1'")
            .Is(Verdict.Caution, "replace-object");
}
