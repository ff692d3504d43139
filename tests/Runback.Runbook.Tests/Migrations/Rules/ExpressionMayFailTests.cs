using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class ExpressionMayFailTests
{
    [Fact]
    public void A_generated_column_that_divides_is_for_caution() =>
        Judge("ALTER TABLE bookings ADD COLUMN r numeric GENERATED ALWAYS AS (price / guests) STORED").Is(Verdict.Caution, "expression-may-fail");

    [Fact]
    public void An_index_that_casts_is_for_caution() =>
        Judge("CREATE INDEX ON bookings (((data ->> 'n')::int))").Is(Verdict.Caution, "expression-may-fail");

    [Fact]
    public void A_lower_case_index_is_additive() =>
        Judge("CREATE INDEX i ON bookings (lower(email))").IsAdditive();

    [Fact]
    public void A_partial_index_is_additive() =>
        Judge("CREATE INDEX i ON bookings USING btree (note DESC NULLS LAST) WHERE status = 'open'::booking_status").IsAdditive();

    [Fact]
    public void A_trigram_index_is_additive() =>
        Judge("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON bookings USING gin (note gin_trgm_ops)").IsAdditive();
}
