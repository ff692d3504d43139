using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class AddGuardTests
{
    [Fact]
    public void A_trigger_that_raises_is_breaking() =>
        Judge("CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$; CREATE TRIGGER tr BEFORE DELETE ON bookings FOR EACH ROW EXECUTE FUNCTION guard()").Is(Verdict.Breaking, "add-guard");

    [Fact]
    public void A_trigger_whose_function_is_not_known_is_breaking() =>
        Judge("CREATE CONSTRAINT TRIGGER tr AFTER INSERT ON bookings DEFERRABLE FOR EACH ROW WHEN (NEW.note IS NULL) EXECUTE FUNCTION elsewhere(1)").Is(Verdict.Breaking, "add-guard");

    [Fact]
    public void A_rewrite_rule_is_breaking() =>
        Judge("CREATE RULE r AS ON INSERT TO bookings DO INSTEAD NOTHING").Is(Verdict.Breaking, "add-guard");

    [Fact]
    public void A_new_table_is_additive() =>
        Judge("CREATE TABLE t (note text); CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING").IsAdditive();
}
