using Runback.Runbook.Migrations;
using Runback.Runbook.Tests.Migrations.Alembic;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class IndexUnboundedTextTests
{
    private const string Before = "CREATE TABLE t (a text, b varchar, c varchar(100), d varchar(5000), e jsonb, f int, g text[], h character varying)";

    [Theory]
    [InlineData("CREATE INDEX i ON t (a)")]
    [InlineData("CREATE INDEX i ON t (f, b DESC)")]
    [InlineData("CREATE INDEX CONCURRENTLY i ON t USING btree (d)")]
    [InlineData("CREATE INDEX i ON t (e)")]
    [InlineData("CREATE INDEX i ON t (g)")]
    [InlineData("CREATE INDEX i ON t (h text_pattern_ops)")]
    [InlineData("CREATE INDEX i ON t (lower(a))")]
    [InlineData("CREATE INDEX i ON t (f) INCLUDE (a)")]
    public void A_long_value_that_no_longer_fits_is_for_caution(string sql) => JudgeAfter(Before, sql).Is(Verdict.Caution, "index-unbounded-text");

    [Theory]
    [InlineData("CREATE INDEX i ON t (c)")]
    [InlineData("CREATE INDEX i ON t (f)")]
    [InlineData("CREATE INDEX i ON t USING hash (a)")]
    [InlineData("CREATE INDEX i ON t USING gin (e)")]
    [InlineData("CREATE INDEX i ON t (md5(a))")]
    [InlineData("CREATE INDEX i ON t (left(a, 20))")]
    [InlineData("ALTER TABLE t ADD COLUMN n text; CREATE INDEX i ON t (n)")]
    [InlineData("CREATE TABLE u (a text); CREATE INDEX i ON u (a)")]
    public void What_always_fits_is_additive(string sql) => JudgeAfter(Before, sql).IsAdditive();

    [Theory]
    [InlineData("; CREATE INDEX j ON t (a)")]
    [InlineData("; ALTER TABLE t ADD CONSTRAINT k UNIQUE (a)")]
    public void What_never_fitted_is_additive(string before) => JudgeAfter(Before + before, "CREATE INDEX i ON t (a, f)").IsAdditive();

    [Theory]
    [InlineData("op.create_index('i', 't', ['a'])", Verdict.Caution)]
    [InlineData("op.create_index('i', 't', ['a'], postgresql_using='hash')", Verdict.Additive)]
    [InlineData("op.create_index('i', 't', ['f'], postgresql_include=['a'])", Verdict.Caution)]
    public void Alembic_s_operations_are_judged_alike(string body, Verdict verdict) =>
        Assert.Equal(verdict, VerdictOfPath.Assess([Migration.Of(body)], [Script("a", null, Before)]).Verdict);
}
