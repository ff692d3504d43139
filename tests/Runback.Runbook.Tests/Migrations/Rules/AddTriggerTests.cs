using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class AddTriggerTests
{
    [Fact]
    public void A_trigger_whose_function_refuses_nothing_is_for_caution() =>
        Judge("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'x'; RETURN NEW; END $$; CREATE TRIGGER tr BEFORE UPDATE OF note ON bookings FOR EACH ROW EXECUTE FUNCTION touch()").Is(Verdict.Caution, "add-trigger");

    [Fact]
    public void A_new_table_is_additive() =>
        Judge("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'x'; RETURN NEW; END $$; CREATE TABLE t (note text); CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE PROCEDURE touch()").IsAdditive();
}
