using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class AttachPartitionTests
{
    [Fact]
    public void A_new_partition_attached_is_for_caution() =>
        Judge("CREATE TABLE p (a int); ALTER TABLE events ATTACH PARTITION p FOR VALUES FROM (1) TO (2)").Is(Verdict.Caution, "attach-partition");

    [Fact]
    public void A_partition_with_checks_of_its_own_is_for_caution() =>
        Judge("CREATE TABLE p PARTITION OF events (CHECK (a > 1)) DEFAULT").Is(Verdict.Caution, "attach-partition");

    [Fact]
    public void A_child_is_for_caution() =>
        Judge("CREATE TABLE c (b int) INHERITS (events)").Is(Verdict.Caution, "attach-partition");

    [Fact]
    public void A_new_empty_partition_is_additive() =>
        Judge("CREATE TABLE p PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')").IsAdditive();
}
