using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class AddForeignKeyTests
{
    [Fact]
    public void A_foreign_key_of_an_old_column_is_breaking() =>
        Judge("ALTER TABLE bookings ADD CONSTRAINT f FOREIGN KEY (room) REFERENCES rooms (id) ON DELETE CASCADE NOT VALID").Is(Verdict.Breaking, "add-foreign-key");

    [Fact]
    public void A_new_column_with_a_default_is_breaking() =>
        Judge("ALTER TABLE bookings ADD COLUMN room int DEFAULT 1 REFERENCES rooms").Is(Verdict.Breaking, "add-foreign-key");

    [Fact]
    public void A_new_nullable_column_is_additive() =>
        Judge("ALTER TABLE bookings ADD COLUMN room int REFERENCES rooms (id) ON DELETE SET NULL").IsAdditive();

    [Fact]
    public void A_new_table_whose_rows_go_with_the_old_ones_is_additive() =>
        Judge("CREATE TABLE t (id int PRIMARY KEY, room int NOT NULL REFERENCES rooms ON DELETE CASCADE)").IsAdditive();
}
