using Runback.Runbook.Migrations;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Verdicts;

/// <summary>What is dropped and made again in one migration.</summary>
public class RecreationTests
{
    private const string Before =
        "CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (id int, a int, CONSTRAINT k PRIMARY KEY (id), CONSTRAINT q UNIQUE (a), CONSTRAINT c CHECK (a > 0), CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id)); "
        + "CREATE INDEX i ON t (a); CREATE UNIQUE INDEX j ON t (a, id)";

    [Theory]
    [InlineData("DROP INDEX IF EXISTS i; CREATE INDEX i ON t (a)")]
    [InlineData("DROP INDEX j; CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS j ON t USING btree (a, id)")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT IF EXISTS q; ALTER TABLE t ADD CONSTRAINT q UNIQUE (a)")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT f; ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id)")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT k; ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (id)")]
    public void The_same_again_is_additive(string sql) => JudgeAfter(Before, sql).IsAdditive();

    [Theory]
    [InlineData("DROP INDEX j; CREATE INDEX j ON t (a, id)")]
    [InlineData("DROP INDEX j; CREATE UNIQUE INDEX j ON t (a)")]
    [InlineData("DROP INDEX i; CREATE UNIQUE INDEX i ON t (a)")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT q; ALTER TABLE t ADD CONSTRAINT q UNIQUE (id)")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT c; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1)")]
    [InlineData("ALTER TABLE t DROP CONSTRAINT q CASCADE; ALTER TABLE t ADD CONSTRAINT q UNIQUE (a)")]
    [InlineData("DO $$ BEGIN ALTER TABLE t DROP CONSTRAINT q; EXCEPTION WHEN others THEN NULL; END $$; ALTER TABLE t ADD CONSTRAINT q UNIQUE (a)")]
    public void Another_one_is_breaking(string sql) => Assert.Equal(Verdict.Breaking, JudgeAfter(Before, sql).Verdict);

    [Fact]
    public void What_was_left_behind_and_is_made_again_is_for_caution() =>
        JudgeAfter(Before, "DROP INDEX IF EXISTS new; CREATE INDEX CONCURRENTLY new ON t (id)").Is(Verdict.Caution, "drop-index");

    [Fact]
    public void What_may_have_been_unique_is_breaking_all_the_same()
    {
        Judge("DROP INDEX IF EXISTS new; CREATE INDEX new ON t (id)").Is(Verdict.Breaking, "drop-unique");
        JudgeAfter(Before, "DROP INDEX IF EXISTS new; CREATE INDEX new ON t (a)").Is(Verdict.Breaking, "drop-unique");
    }

    [Fact]
    public void An_index_of_the_path_stays_new_when_it_is_made_again() =>
        JudgePath("CREATE INDEX n ON bookings (note)", "DROP INDEX n; CREATE INDEX n ON bookings (note)", "DROP INDEX n").IsAdditive();
}
