using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class ChangeTriggerTests
{
    [Fact]
    public void A_dropped_trigger_is_breaking() =>
        Judge("DROP TRIGGER IF EXISTS tr ON bookings").Is(Verdict.Breaking, "change-trigger");

    [Fact]
    public void A_disabled_trigger_is_breaking() =>
        Judge("ALTER TABLE bookings DISABLE TRIGGER ALL").Is(Verdict.Breaking, "change-trigger");

    [Fact]
    public void A_dropped_rule_is_breaking() =>
        Judge("DROP RULE r ON bookings").Is(Verdict.Breaking, "change-trigger");

    [Fact]
    public void A_new_table_is_additive() =>
        Judge("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'x'; RETURN NEW; END $$; CREATE TABLE t (note text); CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch(); ALTER TABLE t DISABLE TRIGGER tr; DROP TRIGGER tr ON t").IsAdditive();
}
