using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DropFunctionTests
{
    [Fact]
    public void A_dropped_function_is_breaking() =>
        Judge("DROP FUNCTION total(int, text)").Is(Verdict.Breaking, "drop-function");

    [Fact]
    public void A_dropped_procedure_is_breaking() =>
        Judge("DROP PROCEDURE tidy").Is(Verdict.Breaking, "drop-function");

    [Fact]
    public void A_function_of_the_same_path_is_additive() =>
        Judge("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1$$; DROP FUNCTION f()").IsAdditive();
}
