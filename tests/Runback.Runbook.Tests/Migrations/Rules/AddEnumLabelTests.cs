using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class AddEnumLabelTests
{
    [Fact]
    public void A_new_label_is_for_caution() =>
        Judge("ALTER TYPE status ADD VALUE IF NOT EXISTS 'late' AFTER 'open'").Is(Verdict.Caution, "add-enum-label");

    [Fact]
    public void A_label_of_a_new_type_is_additive() =>
        Judge("CREATE TYPE s AS ENUM ('a'); ALTER TYPE s ADD VALUE 'b'").IsAdditive();
}
