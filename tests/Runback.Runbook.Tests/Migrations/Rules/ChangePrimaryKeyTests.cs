using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class ChangePrimaryKeyTests
{
    [Fact]
    public void A_new_primary_key_is_breaking() =>
        Judge("ALTER TABLE bookings ADD PRIMARY KEY (id)").Is(Verdict.Breaking, "change-primary-key");

    [Fact]
    public void A_new_table_is_additive() =>
        Judge("CREATE TABLE t (id int); ALTER TABLE t ADD PRIMARY KEY (id)").IsAdditive();

    [Fact]
    public void A_dropped_primary_key_is_breaking() =>
        JudgeAfter("CREATE TABLE t (id int PRIMARY KEY)", "ALTER TABLE t DROP CONSTRAINT t_pkey").Is(Verdict.Breaking, "change-primary-key");
}
