using Runback.Runbook.Migrations;
using Runback.Runbook.Tests.Migrations.Alembic;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Migrations.Rules;

public class ReferenceOldRowsTests
{
    [Theory]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY, room int NOT NULL REFERENCES rooms)")]
    [InlineData("CREATE TABLE t (id int, room int, FOREIGN KEY (room) REFERENCES rooms (id) ON DELETE RESTRICT ON UPDATE CASCADE)")]
    [InlineData("CREATE TABLE t (id int, room int); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (room) REFERENCES rooms (id) NOT VALID")]
    [InlineData("ALTER TABLE bookings ADD COLUMN room int REFERENCES rooms")]
    [InlineData("ALTER TABLE bookings ADD COLUMN before int REFERENCES bookings ON DELETE NO ACTION")]
    public void What_new_code_wrote_may_keep_old_rows(string sql) => Judge(sql).Is(Verdict.Caution, "reference-old-rows");

    [Theory]
    [InlineData("CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (id int, u int REFERENCES u)")]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY, parent int REFERENCES t)")]
    [InlineData("CREATE TABLE t (id int, room int REFERENCES rooms ON DELETE CASCADE)")]
    [InlineData("CREATE TABLE t (id int, room int CONSTRAINT f REFERENCES rooms); ALTER TABLE t DROP CONSTRAINT f")]
    public void What_keeps_no_old_row_is_additive(string sql) => Judge(sql).IsAdditive();

    [Theory]
    [InlineData("op.create_table('t', sa.Column('room', sa.Integer(), sa.ForeignKey('rooms.id')))", Verdict.Caution)]
    [InlineData("op.create_table('t', sa.Column('room', sa.Integer()), sa.ForeignKeyConstraint(['room'], ['rooms.id'], ondelete='restrict'))", Verdict.Caution)]
    [InlineData("op.create_table('t', sa.Column('room', sa.Integer(), sa.ForeignKey('rooms.id', ondelete='set null')))", Verdict.Additive)]
    public void Alembic_s_operations_are_judged_alike(string body, Verdict verdict) => Assert.Equal(verdict, VerdictOfPath.Assess([Migration.Of(body)]).Verdict);
}
