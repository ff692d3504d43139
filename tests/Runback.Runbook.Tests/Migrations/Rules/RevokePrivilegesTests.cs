using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class RevokePrivilegesTests
{
    [Fact]
    public void Revoked_is_breaking() =>
        Judge("REVOKE INSERT, UPDATE ON bookings FROM app").Is(Verdict.Breaking, "revoke-privileges");

    [Fact]
    public void On_everything_is_breaking() =>
        Judge("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM app").Is(Verdict.Breaking, "revoke-privileges");

    [Fact]
    public void Another_owner_is_breaking() =>
        Judge("ALTER TABLE bookings OWNER TO admin").Is(Verdict.Breaking, "revoke-privileges");

    [Fact]
    public void Granted_is_additive() =>
        Judge("GRANT SELECT ON bookings TO app").IsAdditive();

    [Fact]
    public void A_new_table_is_additive() =>
        Judge("CREATE TABLE t (a int); REVOKE ALL ON t FROM PUBLIC; ALTER TABLE t OWNER TO admin").IsAdditive();
}
