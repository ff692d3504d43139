using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class RemoveEnumLabelTests
{
    [Fact]
    public void A_renamed_label_is_breaking() =>
        Judge("ALTER TYPE status RENAME VALUE 'a' TO 'b'").Is(Verdict.Breaking, "remove-enum-label");

    [Fact]
    public void A_label_of_a_new_type_is_additive() =>
        Judge("CREATE TYPE s AS ENUM ('a'); ALTER TYPE s RENAME VALUE 'a' TO 'b'").IsAdditive();
}
