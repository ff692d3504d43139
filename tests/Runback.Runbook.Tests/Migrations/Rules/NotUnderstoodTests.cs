using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class NotUnderstoodTests
{
    [Fact]
    public void A_DO_block_is_unknown() =>
        Judge("DO $$ BEGIN EXECUTE 'DROP TABLE bookings'; END $$").Is(Verdict.Unknown, "not-understood");

    [Fact]
    public void A_call_is_unknown() =>
        Judge("CALL tidy()").Is(Verdict.Unknown, "not-understood");

    [Fact]
    public void A_function_that_could_do_anything_is_unknown() =>
        Judge("SELECT tidy(id) FROM bookings").Is(Verdict.Unknown, "not-understood");

    [Fact]
    public void What_follows_a_known_clause_is_unknown() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int FIRST").Is(Verdict.Unknown, "not-understood");

    [Fact]
    public void Another_search_path_is_unknown() =>
        Judge("SET LOCAL search_path TO tenant").Is(Verdict.Unknown, "not-understood");

    [Fact]
    public void No_SQL_is_unknown() =>
        Judge("PRAGMA foreign_keys = ON").Is(Verdict.Unknown, "not-understood");

    [Fact]
    public void A_quote_that_never_ends_is_unknown() =>
        Judge("COMMENT ON TABLE a IS 'b").Is(Verdict.Unknown, "not-understood");

    [Fact]
    public void A_query_that_only_computes_is_additive() =>
        Judge("SELECT count(*), max(id), coalesce(note, 'x')::varchar(20) FROM bookings WHERE id IN (1, 2)").IsAdditive();
}
