using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class AddCheckTests
{
    [Fact]
    public void A_check_over_old_columns_is_breaking() =>
        Judge("ALTER TABLE bookings ADD CONSTRAINT c CHECK (price > 0)").Is(Verdict.Breaking, "add-check");

    [Fact]
    public void NOT_NULL_by_a_check_is_breaking() =>
        Judge("ALTER TABLE bookings ADD CONSTRAINT c CHECK (note IS NOT NULL) NOT VALID").Is(Verdict.Breaking, "add-check");

    [Fact]
    public void A_new_column_that_must_not_be_NULL_is_breaking() =>
        Judge("ALTER TABLE t ADD a int CHECK (a IS NOT NULL)").Is(Verdict.Breaking, "add-check");

    [Fact]
    public void A_default_that_breaks_it_is_breaking() =>
        Judge("ALTER TABLE t ADD a int DEFAULT 0 CHECK (a > 0)").Is(Verdict.Breaking, "add-check");

    [Fact]
    public void A_new_column_or_an_old_one_is_breaking() =>
        Judge("ALTER TABLE t ADD a int; ALTER TABLE t ADD CHECK (a IS NOT NULL OR old IS NOT NULL)").Is(Verdict.Breaking, "add-check");

    [Fact]
    public void A_domain_is_breaking() =>
        Judge("ALTER DOMAIN email ADD CHECK (VALUE <> '')").Is(Verdict.Breaking, "add-check");

    [Fact]
    public void A_new_nullable_column_is_additive() =>
        Judge("ALTER TABLE t ADD a int CHECK (a > 0 AND a < 10)").IsAdditive();

    [Fact]
    public void A_default_in_the_list_is_additive() =>
        Judge("ALTER TABLE t ADD COLUMN a varchar(9) NOT NULL DEFAULT 'on' CHECK (a IN ('on', 'off'))").IsAdditive();

    [Fact]
    public void A_default_in_the_array_is_additive() =>
        Judge("ALTER TABLE t ADD COLUMN a text DEFAULT 'on'; ALTER TABLE t ADD CHECK (a = ANY (ARRAY['on'::text, 'off']))").IsAdditive();

    [Fact]
    public void A_number_in_range_is_additive() =>
        Judge("ALTER TABLE t ADD a int NOT NULL DEFAULT 0 CHECK (a >= 0)").IsAdditive();

    [Fact]
    public void NULL_or_an_old_one_is_additive() =>
        Judge("ALTER TABLE t ADD a int; ALTER TABLE t ADD CHECK (a IS NULL OR old > 1)").IsAdditive();

    [Fact]
    public void A_new_table_is_additive() =>
        Judge("CREATE TABLE t (a int CHECK (a > 0), CHECK (a < 5))").IsAdditive();
}
