using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class RenameConstraintTests
{
    [Fact]
    public void A_renamed_constraint_is_for_caution() =>
        Judge("ALTER TABLE bookings RENAME CONSTRAINT a TO b").Is(Verdict.Caution, "rename-constraint");

    [Fact]
    public void A_renamed_index_is_for_caution() =>
        Judge("ALTER INDEX a RENAME TO b").Is(Verdict.Caution, "rename-constraint");

    [Fact]
    public void Another_deferral_is_for_caution() =>
        Judge("ALTER TABLE bookings ALTER CONSTRAINT f DEFERRABLE INITIALLY DEFERRED").Is(Verdict.Caution, "rename-constraint");

    [Fact]
    public void An_index_of_the_same_path_is_additive() =>
        Judge("CREATE INDEX a ON bookings (note); ALTER INDEX a RENAME TO b").IsAdditive();
}
