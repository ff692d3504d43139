using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DropIndexTests
{
    [Fact]
    public void An_index_that_is_known_not_to_be_unique_is_for_caution() =>
        JudgeAfter("CREATE TABLE t (a int); CREATE INDEX i ON t (a)", "DROP INDEX i").Is(Verdict.Caution, "drop-index");
}
