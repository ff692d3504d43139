using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class AddUniqueTests
{
    [Fact]
    public void A_unique_constraint_is_breaking() =>
        Judge("ALTER TABLE bookings ADD CONSTRAINT u UNIQUE (note)").Is(Verdict.Breaking, "add-unique");

    [Fact]
    public void A_unique_index_is_breaking() =>
        Judge("CREATE UNIQUE INDEX u ON bookings (lower(note))").Is(Verdict.Breaking, "add-unique");

    [Fact]
    public void An_exclusion_constraint_is_breaking() =>
        Judge("ALTER TABLE bookings ADD EXCLUDE USING gist (room WITH =, during WITH &&)").Is(Verdict.Breaking, "add-unique");

    [Fact]
    public void A_taken_over_index_is_breaking() =>
        Judge("ALTER TABLE bookings ADD CONSTRAINT u UNIQUE USING INDEX i").Is(Verdict.Breaking, "add-unique");

    [Fact]
    public void A_new_column_with_one_default_for_all_is_breaking() =>
        Judge("ALTER TABLE bookings ADD COLUMN a text DEFAULT '' UNIQUE").Is(Verdict.Breaking, "add-unique");

    [Fact]
    public void A_new_column_whose_NULLs_conflict_is_breaking() =>
        Judge("ALTER TABLE t ADD a int; CREATE UNIQUE INDEX u ON t (a) NULLS NOT DISTINCT").Is(Verdict.Breaking, "add-unique");

    [Fact]
    public void A_new_column_that_gets_a_default_later_is_breaking() =>
        Judge("ALTER TABLE t ADD a int UNIQUE; ALTER TABLE t ALTER a SET DEFAULT 1").Is(Verdict.Breaking, "add-unique");

    [Fact]
    public void A_new_nullable_column_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN a text UNIQUE").IsAdditive();

    [Fact]
    public void A_new_column_beside_an_old_one_is_additive() =>
        Judge("ALTER TABLE t ADD a int; CREATE UNIQUE INDEX u ON t (old, a)").IsAdditive();

    [Fact]
    public void A_fresh_value_each_time_is_additive() =>
        Judge("ALTER TABLE t ADD a uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE").IsAdditive();

    [Fact]
    public void A_new_nullable_column_in_lower_case_is_additive() =>
        Judge("ALTER TABLE t ADD a text; CREATE UNIQUE INDEX u ON t (lower(a))").IsAdditive();

    [Fact]
    public void Only_rows_with_the_new_column_is_additive() =>
        Judge("ALTER TABLE t ADD a int; CREATE UNIQUE INDEX u ON t (old) WHERE a IS NOT NULL").IsAdditive();

    [Fact]
    public void A_new_table_is_additive() =>
        Judge("CREATE TABLE t (a int UNIQUE, EXCLUDE (a WITH =)); CREATE UNIQUE INDEX ON t (a)").IsAdditive();

    [Fact]
    public void A_table_that_may_have_been_there_is_additive() =>
        Judge("CREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY, a int UNIQUE, b int CHECK (b > 0) REFERENCES u)").IsAdditive();
}
