using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class ChangeGeneratedTests
{
    [Fact]
    public void An_expression_dropped_is_breaking() =>
        Judge("ALTER TABLE bookings ALTER total DROP EXPRESSION").Is(Verdict.Breaking, "change-generated-column");

    [Fact]
    public void A_new_generated_column_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN fts tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce(note, ''))) STORED").IsAdditive();
}
