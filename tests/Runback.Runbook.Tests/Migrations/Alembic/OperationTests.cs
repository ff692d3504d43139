using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Tests.Migrations.Alembic;

public sealed class OperationTests
{
    [Theory]
    [InlineData("op.drop_table('t')", "drop Table t")]
    [InlineData("op.drop_table('t', schema='s')", "drop Table s.t")]
    [InlineData("op.rename_table('a', 'b')", "rename Table a to b")]
    [InlineData("op.drop_column('t', 'c', if_exists=True)", "drop t.c if exists")]
    [InlineData("op.drop_column(table_name='t', column_name='c')", "drop t.c")]
    [InlineData("op.add_column('t', sa.Column('c', sa.String(40)))", "add t.c varchar(40)")]
    [InlineData("op.add_column('t', sa.Column('c', sa.String, nullable=False, server_default='x'))", "add t.c varchar not null default 'x'")]
    [InlineData("op.add_column('t', sa.Column('c', sa.DateTime(timezone=True), server_default=sa.func.now()))", "add t.c timestamp with time zone default now()")]
    [InlineData("op.add_column('t', sa.Column('c', sa.Boolean(), server_default=sa.text('false'), nullable=False))", "add t.c boolean not null default false")]
    [InlineData("op.add_column('t', sa.Column('c', sa.Boolean(), server_default=sa.false(), nullable=False))", "add t.c boolean not null default false")]
    [InlineData("op.add_column('t', sa.Column('c', sa.Integer(), default=0, nullable=False))", "add t.c integer not null")]
    [InlineData("op.add_column('t', sa.Column('c', sa.Numeric(10, 2)))", "add t.c numeric(10,2)")]
    [InlineData("op.add_column('t', sa.Column('c', postgresql.ARRAY(sa.Text())))", "add t.c text[]")]
    [InlineData("op.add_column('t', sa.Column('c', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')))", "add t.c jsonb")]
    [InlineData("op.add_column('t', sa.Column('c', sa.BigInteger(), sa.Identity(), nullable=False))", "add t.c bigint not null identity")]
    [InlineData("op.add_column('t', sa.Column('c', sa.Integer(), sa.Computed('a + b')))", "add t.c integer as a + b")]
    [InlineData("op.add_column('t', sa.Column('c', SomeType()))", "add t.c ?")]
    [InlineData("op.add_column('t', sa.Column('c', sa.Enum('a', 'b', name='e')))", "add t.c e")]
    [InlineData("op.add_column('t', sa.Column('c', sa.Enum('a', 'bcd', native_enum=False)))", "add t.c varchar(3)")]
    [InlineData("op.alter_column('t', 'c', nullable=False)", "t.c not null")]
    [InlineData("op.alter_column('t', 'c', existing_type=sa.Integer(), type_=sa.BigInteger())", "type t.c integer to bigint")]
    [InlineData("op.alter_column('t', 'c', type_=sa.Integer(), postgresql_using='c::integer')", "type t.c ? to integer using c::integer")]
    [InlineData("op.alter_column('t', 'c', new_column_name='d')", "rename t.c to d")]
    [InlineData("op.alter_column('t', 'c', server_default=None)", "t.c default none")]
    [InlineData("op.alter_column('t', 'c', server_default=sa.text('0'))", "t.c default 0")]
    [InlineData("op.alter_column('t', 'c', server_default=sa.Identity())", "t.c identity Added")]
    [InlineData("op.alter_column('t', 'c', server_default=False, existing_type=sa.Text())", "harmless")]
    [InlineData("op.alter_column('t', 'c', comment='x', existing_comment=None)", "harmless")]
    [InlineData("op.create_index('i', 't', ['a', 'b'], unique=True)", "unique index i on t(a, b)")]
    [InlineData("op.create_index(op.f('i'), 't', [sa.text('lower(a)')], postgresql_where=sa.text('b'))", "index i on t((lower(a))) where b")]
    [InlineData("op.create_index('i', 't', ['a'], postgresql_concurrently=True)", "index i on t(a) concurrently")]
    [InlineData("op.drop_index('i', table_name='t', if_exists=True)", "drop index i if exists")]
    [InlineData("op.create_unique_constraint('u', 't', ['a'])", "t Unique(a) u")]
    [InlineData("op.create_primary_key('p', 't', ['a', 'b'])", "t PrimaryKey(a, b) p")]
    [InlineData("op.create_foreign_key('f', 'a', 'b', ['x'], ['y'])", "a ForeignKey(x) f -> b(y)")]
    [InlineData("op.create_foreign_key(None, 'a', 'b', ['x'], ['y'], referent_schema='s')", "a ForeignKey(x) -> s.b(y)")]
    [InlineData("op.create_check_constraint('k', 't', 'a > 0')", "t Check() k a > 0")]
    [InlineData("op.create_check_constraint('k', 't', sa.text('a > 0'), postgresql_not_valid=True)", "t Check() k a > 0 not valid")]
    [InlineData("op.drop_constraint('u', 't', type_='unique')", "drop constraint t.u Unique")]
    [InlineData("op.drop_constraint('u', 't')", "drop constraint t.u ")]
    [InlineData("op.bulk_insert(sa.table('t', sa.column('a')), [{'a': 1}])", "insert t")]
    [InlineData("op.bulk_insert(sa.table('t'), [])", "harmless")]
    [InlineData("op.create_table_comment('t', 'x')", "harmless")]
    [InlineData("op.create_entity(view)", "unknown: op.create_entity(…)")]
    [InlineData("op.sync_enum_values('public', 'e', ['a'])", "unknown: op.sync_enum_values(…)")]
    [InlineData("op.drop_table(NAME_FROM_ELSEWHERE)", "unknown: op.drop_table(…)")]
    [InlineData("op.add_column('t', make_column())", "unknown: make_column(…)|unknown: op.add_column(…)")]
    [InlineData("op.alter_column('t', 'c', **options())", "unknown: options(…)|unknown: op.alter_column(…)")]
    [InlineData("postgresql.ENUM('a', name='e').create(op.get_bind(), checkfirst=True)", "create Type e(a)")]
    [InlineData("sa.Enum(name='e').drop(op.get_bind())", "drop Type e")]
    [InlineData("op.execute(sa.schema.CreateSequence(sa.Sequence('s')))", "create Sequence s()")]
    public void An_operation_is_what_it_does(string line, string expected) => Assert.Equal(expected.Split('|'), Migration.Does(line));

    [Fact]
    public void A_table_is_created_with_its_columns_enums_constraints_and_indexes() => Assert.Equal(
        [
            "create Type e(a, b)",
            "create table t(id integer not null identity, c e not null, d varchar(8), f integer)",
            "t PrimaryKey(id)",
            "t Unique(d)",
            "index on t(f)",
            "t ForeignKey(f) -> s.u(id)",
            "t Unique(c, d) uq",
            "t Check() k d > 'a'",
        ],
        Migration.Does(
            """
            op.create_table(
                "t",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("c", sa.Enum("a", "b", name="e"), nullable=False),
                sa.Column("d", sa.String(8), unique=True),
                sa.Column("f", sa.Integer(), sa.ForeignKey("s.u.id", ondelete="CASCADE"), index=True),
                sa.UniqueConstraint("c", "d", name="uq"),
                sa.CheckConstraint("d > 'a'", name="k"),
            )
            """));

    [Fact]
    public void A_type_that_exists_is_not_created_again() => Assert.Equal(
        ["create table t(c e)"],
        Migration.Does("op.create_table('t', sa.Column('c', postgresql.ENUM('a', name='e', create_type=False)))"));

    [Theory]
    [InlineData("op.create_entity(PGFunction(schema='s', signature='f(a integer default 1)', definition='returns integer language sql as $$ select a\\\\:\\\\:int $$'))", "create Function s.f()")]
    [InlineData("op.replace_entity(PGFunction('s', 'f()', 'returns integer language sql as $$ select 1 $$'))", "create Function s.f()")]
    [InlineData("op.drop_entity(PGFunction(schema='s', signature='f(a integer)', definition='# not required for op'))", "drop Function s.f")]
    [InlineData("op.create_entity(PGView('s', 'v', 'select 1 AS a;'))", "create View s.v()")]
    [InlineData("op.drop_entity(PGView('s', 'v', '# not required for op'), cascade=True)", "drop View s.v")]
    [InlineData("op.replace_entity(PGView('s', 'v', 'select 1'))", "unknown: op.replace_entity(…)")]
    [InlineData("op.create_entity(PGMaterializedView('s', 'v', 'select 1', with_data=True))", "create MaterializedView s.v()|harmless")]
    [InlineData("op.create_entity(PGTrigger(schema='s', signature='g', on_entity='s.t', is_constraint=False, definition='AFTER INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION f()'))", "TriggerCreated")]
    [InlineData("op.drop_entity(PGTrigger(schema='s', signature='g', on_entity='s.t', is_constraint=False, definition='# not required for op'))", "TriggerDropped")]
    [InlineData("op.create_entity(PGView('s', 'v', definition()))", "unknown: definition(…)|unknown: op.create_entity(…)")]
    [InlineData("op.create_entity(PGView(**fields()))", "unknown: fields(…)|unknown: alembic_utils.pg_view.PGView(…)|unknown: op.create_entity(…)")]
    [InlineData("op.create_entity(PGGrantTable('s', 't', [], 'r', 'SELECT'))", "unknown: op.create_entity(…)")]
    public void An_object_of_alembic_utils_is_the_SQL_that_it_stands_for(string line, string expected) => Assert.Equal(
        expected.Split('|'),
        Migration.Does(line, """
            from alembic_utils.pg_function import PGFunction
            from alembic_utils.pg_materialized_view import PGMaterializedView
            from alembic_utils.pg_trigger import PGTrigger
            from alembic_utils.pg_view import PGView
            from alembic_utils.pg_grant_table import PGGrantTable
            """));

    [Fact]
    public void A_constraint_inside_a_new_table_comes_with_it_and_one_of_a_new_column_does_not()
    {
        var made = Migration.Of("op.create_table('t', sa.Column('a', sa.Integer(), sa.ForeignKey('u.id'), unique=True), sa.UniqueConstraint('a', name='u'))").Upgrade;
        Assert.Equal(3, made.OfType<ConstraintAdded>().Count());
        Assert.All(made.OfType<ConstraintAdded>(), added => Assert.True(added.WithTable));
        Assert.False(Assert.Single(Migration.Of("op.add_column('t', sa.Column('a', sa.Integer(), unique=True))").Upgrade.OfType<ConstraintAdded>()).WithTable);
    }

    [Fact]
    public void A_primary_key_written_below_makes_its_column_not_null() => Assert.Equal(
        ["create table t(id integer not null identity)", "t PrimaryKey(id)"],
        Migration.Does("op.create_table('t', sa.Column('id', sa.Integer()), sa.PrimaryKeyConstraint('id'))"));

    [Fact]
    public void A_batch_names_the_table_once() => Assert.Equal(
        ["add s.t.c text", "rename s.t.a to b", "drop s.t.d", "index i on s.t(c)", "s.t Unique(c) u", "s.t ForeignKey(c) f -> r(id)", "drop constraint s.t.k Check", "drop index s.i2"],
        Migration.Does(
            """
            with op.batch_alter_table("t", schema="s") as batch_op:
                batch_op.add_column(sa.Column("c", sa.Text()))
                batch_op.alter_column("a", new_column_name="b")
                batch_op.drop_column("d")
                batch_op.create_index("i", ["c"])
                batch_op.create_unique_constraint("u", ["c"])
                batch_op.create_foreign_key("f", "r", ["c"], ["id"])
                batch_op.drop_constraint("k", type_="check")
                batch_op.drop_index("i2")
            """));

    [Fact]
    public void A_batch_that_makes_the_table_anew_is_unknown() => Assert.Contains(
        "unknown: op.batch_alter_table(…)", Migration.Does("with op.batch_alter_table('t', recreate='always') as b:\n    b.drop_column('c')"));

    [Fact]
    public void Each_change_has_the_line_of_its_call()
    {
        var script = Migration.File("revision = 'b'\ndown_revision = None\nfrom alembic import op\n\ndef upgrade():\n    op.drop_table(\n        't')\n    op.execute('''\n\n    DROP TABLE u;\n    DROP TABLE v''')\n");
        Assert.Equal([6, 10, 11], script.Upgrade.Select(change => change.At.Line));
        Assert.All(script.Upgrade, change => Assert.Equal("b.py", change.At.File));
    }

    [Fact]
    public void An_autocommit_block_is_told() => Assert.Equal(
        ["autocommit(", "index i on t(a) concurrently", ")"],
        Migration.Does("with op.get_context().autocommit_block():\n    op.create_index('i', 't', ['a'], postgresql_concurrently=True)"));
}
