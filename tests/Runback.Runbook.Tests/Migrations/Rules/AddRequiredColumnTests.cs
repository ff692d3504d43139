using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class AddRequiredColumnTests
{
    [Fact]
    public void A_new_column_that_must_be_named_is_breaking() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int NOT NULL").Is(Verdict.Breaking, "add-required-column");

    [Fact]
    public void One_that_loses_its_default_is_breaking() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int NOT NULL DEFAULT 1; ALTER TABLE bookings ALTER a DROP DEFAULT").Is(Verdict.Breaking, "add-required-column");

    [Fact]
    public void One_that_may_be_there_already_is_breaking() =>
        Judge("ALTER TABLE bookings ADD COLUMN IF NOT EXISTS a int NOT NULL").Is(Verdict.Breaking, "add-required-column");

    [Fact]
    public void One_whose_default_is_NULL_is_breaking() =>
        Judge("ALTER TABLE bookings ADD COLUMN a text NOT NULL DEFAULT NULL::text").Is(Verdict.Breaking, "add-required-column");

    [Fact]
    public void One_computed_from_old_columns_that_may_be_NULL_is_breaking() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int GENERATED ALWAYS AS (length(note)) STORED NOT NULL").Is(Verdict.Breaking, "add-required-column");

    [Fact]
    public void One_computed_without_NULLs_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN a text GENERATED ALWAYS AS (coalesce(note, '')) STORED NOT NULL").IsAdditive();

    [Fact]
    public void A_nullable_column_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int").IsAdditive();

    [Fact]
    public void A_column_with_a_default_is_additive() =>
        Judge("ALTER TABLE bookings ADD a text DEFAULT 'x' NOT NULL").IsAdditive();

    [Fact]
    public void A_serial_column_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN a bigserial").IsAdditive();

    [Fact]
    public void An_identity_column_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int GENERATED ALWAYS AS IDENTITY").IsAdditive();

    [Fact]
    public void A_required_column_of_a_new_table_is_additive() =>
        Judge("CREATE TABLE t (id int); ALTER TABLE t ADD COLUMN a int NOT NULL").IsAdditive();

    [Fact]
    public void One_that_is_gone_at_the_end_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN a int NOT NULL; ALTER TABLE bookings DROP COLUMN a").IsAdditive();

    [Fact]
    public void Expand_and_contract_over_several_migrations_is_judged_as_a_whole() =>
        JudgePath("ALTER TABLE bookings ADD COLUMN a int", "UPDATE bookings SET a = 1", "ALTER TABLE bookings ALTER a SET NOT NULL")
            .Is(Verdict.Breaking, "backfill-column", "add-required-column");
}
