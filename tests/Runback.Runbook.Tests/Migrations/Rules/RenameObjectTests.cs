using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class RenameObjectTests
{
    [Fact]
    public void A_renamed_view_is_breaking() =>
        Judge("ALTER VIEW v RENAME TO w").Is(Verdict.Breaking, "rename-object");

    [Fact]
    public void A_renamed_type_is_breaking() =>
        Judge("ALTER TYPE status RENAME TO status_old").Is(Verdict.Breaking, "rename-object");

    [Fact]
    public void A_renamed_sequence_is_breaking() =>
        Judge("ALTER SEQUENCE s RENAME TO t").Is(Verdict.Breaking, "rename-object");

    [Fact]
    public void A_type_of_the_same_path_is_additive() =>
        Judge("CREATE TYPE a AS ENUM (); ALTER TYPE a RENAME TO b").IsAdditive();
}
