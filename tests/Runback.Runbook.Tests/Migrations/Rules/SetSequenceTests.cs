using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class SetSequenceTests
{
    [Fact]
    public void A_moved_sequence_is_for_caution() =>
        Judge("SELECT setval('numbers', 100)").Is(Verdict.Caution, "set-sequence");

    [Fact]
    public void A_restarted_one_is_for_caution() =>
        Judge("ALTER SEQUENCE numbers RESTART WITH 5").Is(Verdict.Caution, "set-sequence");

    [Fact]
    public void The_sequence_of_a_new_table_is_additive() =>
        Judge("CREATE TABLE t (id serial); SELECT setval('t_id_seq', (SELECT max(id) FROM t))").IsAdditive();
}
