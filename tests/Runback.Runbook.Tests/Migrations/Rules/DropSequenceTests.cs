using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class DropSequenceTests
{
    [Fact]
    public void A_dropped_sequence_is_breaking() =>
        Judge("DROP SEQUENCE numbers").Is(Verdict.Breaking, "drop-sequence");

    [Fact]
    public void A_sequence_of_the_same_path_is_additive() =>
        Judge("CREATE SEQUENCE s START 10; DROP SEQUENCE s").IsAdditive();
}
