using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class ChangePartitionsTests
{
    [Fact]
    public void A_detached_partition_is_breaking() =>
        Judge("ALTER TABLE events DETACH PARTITION old CONCURRENTLY").Is(Verdict.Breaking, "change-partitions");

    [Fact]
    public void An_old_table_attached_is_breaking() =>
        Judge("ALTER TABLE events ATTACH PARTITION old DEFAULT").Is(Verdict.Breaking, "change-partitions");

    [Fact]
    public void Inheritance_is_breaking() =>
        Judge("ALTER TABLE a NO INHERIT b").Is(Verdict.Breaking, "change-partitions");

    [Fact]
    public void A_new_partition_is_additive() =>
        Judge("CREATE TABLE p PARTITION OF events DEFAULT; ALTER TABLE events DETACH PARTITION p").IsAdditive();
}
