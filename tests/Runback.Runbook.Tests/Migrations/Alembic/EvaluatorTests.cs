namespace Runback.Runbook.Tests.Migrations.Alembic;

public sealed class EvaluatorTests
{
    [Theory]
    [InlineData("for t in ('a', 'b'): op.drop_table(t)", "drop Table a|drop Table b")]
    [InlineData("for i, t in enumerate(['a', 'b'], 1): op.drop_table(f'{t}_{i}')", "drop Table a_1|drop Table b_2")]
    [InlineData("for a, b in zip(['x', 'y'], ['1', '2']): op.drop_column(a, b)", "drop x.1|drop y.2")]
    [InlineData("for t, cs in {'x': ['a', 'b'], 'y': ['c']}.items():\n    for c in cs: op.drop_column(t, c)", "drop x.a|drop x.b|drop y.c")]
    [InlineData("for i in range(2): op.drop_table('t%d' % i)", "drop Table t0|drop Table t1")]
    [InlineData("for t in sorted({'b', 'a'}): op.drop_table(t)", "drop Table a|drop Table b")]
    [InlineData("[op.drop_table(t) for t in ['a', 'b'] if t != 'a']", "drop Table b")]
    [InlineData("for t in ['a', 'b', 'c']:\n    if t == 'a': continue\n    if t == 'c': break\n    op.drop_table(t)", "drop Table b")]
    [InlineData("i = 0\nwhile i < 2:\n    op.drop_table('t' + str(i))\n    i += 1", "drop Table t0|drop Table t1")]
    [InlineData("op.drop_table('{}_{n}'.format('a', n='b'))", "drop Table a_b")]
    [InlineData("op.drop_table('%s_%s' % ('a', 'b'))", "drop Table a_b")]
    [InlineData("op.drop_table('%(x)s' % {'x': 'a'})", "drop Table a")]
    [InlineData("op.drop_table('_'.join(['a', 'b']).upper().lower())", "drop Table a_b")]
    [InlineData("op.drop_table('A'\n    'b')", "drop Table Ab")]
    [InlineData("names = ['a']\nnames.append('b')\nnames += ['c']\nfor n in names: op.drop_table(n)", "drop Table a|drop Table b|drop Table c")]
    [InlineData("f = lambda t, s='_x': op.drop_table(t + s)\nf('a')", "drop Table a_x")]
    [InlineData("def f(*names, **kw):\n    for n in names: op.drop_table(n, **kw)\nf('a', 'b', schema='s')", "drop Table s.a|drop Table s.b")]
    [InlineData("drop = op.drop_table\ndrop('a')", "drop Table a")]
    [InlineData("getattr(op, 'drop_table')('a')", "drop Table a")]
    [InlineData("a, *b = 'x', 'y', 'z'\nop.drop_column(a, b[-1])", "drop x.z")]
    [InlineData("list(map(op.drop_table, ['a', 'b']))", "drop Table a|drop Table b")]
    [InlineData("(t := 'a')\nop.drop_table(t)", "drop Table a")]
    public void What_is_known_is_followed(string body, string expected) => Assert.Equal(expected.Split('|'), Migration.Does(body));

    [Theory]
    [InlineData("if op.get_bind().dialect.name == 'postgresql': op.drop_table('a')\nelse: op.drop_table('b')", "drop Table a")]
    [InlineData("bind = op.get_bind()\nif bind.engine.name != 'sqlite' and not context.is_offline_mode(): op.drop_table('a')", "drop Table a")]
    [InlineData("if op.get_context().as_sql: return\nop.drop_table('a')", "drop Table a")]
    [InlineData("if 'sqlite' in str(op.get_bind().engine.url): op.drop_table('b')\nelse: op.drop_table('a')", "drop Table a")]
    [InlineData("bind = op.get_bind()\nif 'postgresql' in str(bind.engine.url): op.drop_table('a')", "drop Table a")]
    [InlineData("if str(op.get_bind().engine.url).startswith('sqlite'): return\nop.drop_table('a')", "drop Table a")]
    [InlineData("if op.get_bind().engine.url.drivername.startswith('postgresql'): op.drop_table('a')\nelse: op.drop_table('b')", "drop Table a")]
    [InlineData("if op.get_bind().engine.url.get_backend_name() == 'mysql': return\nop.drop_table('a')", "drop Table a")]
    [InlineData("if f'{op.get_bind().engine.url}'.startswith('mysql://'): op.drop_table('b')\nop.drop_table('a')", "drop Table a")]
    [InlineData("if 'prod' in str(op.get_bind().engine.url): op.drop_table('a')", "? drop Table a")]
    [InlineData("if str(op.get_bind().engine.url).startswith('postgresql://localhost'): op.drop_table('a')", "? drop Table a")]
    [InlineData("op.create_index('i', 't', [sa.desc('a'), sa.text('b'), sa.column('c').desc(), sa.asc(sa.column('d'))])", "index i on t(a, (b), c, d)")]
    [InlineData("if context.is_offline_mode(): raise RuntimeError()\nop.drop_table('a')", "drop Table a")]
    [InlineData("if sa.inspect(op.get_bind()).has_table('a'): op.drop_table('a')", "? drop Table a")]
    [InlineData("if 'a' in sa.inspect(op.get_bind()).get_table_names(): op.drop_table('a')\nelse: op.drop_table('b')", "? drop Table a|? drop Table b")]
    [InlineData("if not has(): return\nop.drop_table('a')", "unknown: has(…)|? drop Table a")]
    [InlineData("import os\nif os.environ.get('X') == '1': op.drop_table('a')", "? drop Table a")]
    [InlineData("try:\n    op.drop_table('a')\nexcept Exception:\n    op.drop_table('b')\nfinally:\n    op.drop_table('c')", "? drop Table a|? drop Table b|drop Table c")]
    [InlineData("try:\n    op.drop_table('a')\nexcept Exception:\n    raise", "drop Table a")]
    [InlineData("import contextlib\nwith contextlib.suppress(Exception): op.drop_table('a')", "? drop Table a")]
    [InlineData("x = 'a' if known() else 'b'\nop.drop_table(x)", "unknown: known(…)|unknown: op.drop_table(…)")]
    [InlineData("match op.get_bind().dialect.name:\n    case 'postgresql': op.drop_table('a')\n    case _: op.drop_table('b')", "? drop Table a|? drop Table b")]
    [InlineData("from app.settings import FLAG\nif FLAG: op.drop_table('a')\nelse: op.drop_table('b')", "? drop Table a|? drop Table b")]
    [InlineData("from app.settings import FLAG\nif FLAG: return\nop.drop_table('a')", "? drop Table a")]
    public void A_condition_that_is_not_known_is_followed_both_ways(string body, string expected) => Assert.Equal(expected.Split('|'), Migration.Does(body));

    [Theory]
    [InlineData("for r in rows():\n    op.drop_table('a')", "unknown: rows(…)|? drop Table a")]
    [InlineData("conn = op.get_bind()\nfor r in conn.execute(sa.text('SELECT id FROM t')).fetchall():\n    conn.execute(sa.text('UPDATE t SET a = 1 WHERE id = :i'), {'i': r.id})", "harmless|? update t(a)")]
    [InlineData("for t in sa.inspect(op.get_bind()).get_table_names(): op.drop_table(t)", "? unknown: op.drop_table(…)")]
    [InlineData("last = None\nfor r in op.get_bind().execute('SELECT 1'):\n    if last: op.drop_table('a')\n    last = r", "harmless|? drop Table a")]
    [InlineData("seen = []\nfor r in op.get_bind().execute('SELECT 1'):\n    if len(seen) > 2: op.drop_table('a')\n    seen.append(r)", "harmless|? drop Table a")]
    [InlineData("n = 0\nwhile True:\n    r = op.get_bind().execute('SELECT 1').scalar()\n    if not r: break\n    if n > 5: op.drop_table('a')\n    n += 1", "? harmless|? drop Table a")]
    [InlineData("for t in ['a', 'b']:\n    if sa.inspect(op.get_bind()).has_table(t): continue\n    return\nop.drop_table('c')", "? drop Table c")]
    [InlineData("names = []\nif sa.inspect(op.get_bind()).has_table('x'): names.append('a')\nfor n in names: op.drop_table(n)", "? drop Table a")]
    public void A_loop_of_unknown_length_is_followed_as_any_of_its_turns(string body, string expected) =>
        Assert.Equal(expected.Split('|'), Migration.Does(body).Distinct());

    [Fact]
    public void A_raise_after_a_return_that_may_have_happened_does_not_end_the_migration() => Assert.Contains(
        "drop Table a",
        Migration.Does(
            "f()\nop.drop_table('a')",
            "def f():\n    for i in range(3):\n        if sa.inspect(op.get_bind()).has_table(str(i)):\n            return i\n    raise RuntimeError('none')\n"));

    [Theory]
    [InlineData("conn = op.get_bind()\nconn.execute(sa.text('DELETE FROM t'))", "delete t")]
    [InlineData("op.get_bind().exec_driver_sql('DROP TABLE t')", "drop Table t")]
    [InlineData("op.execute(f'UPDATE t SET a = {value}')", "update t(a)")]
    [InlineData("op.execute(query)", "unknown: op.execute(…)")]
    [InlineData("op.execute(f'DROP TABLE {name}')", "drop Table unknown_1")]
    [InlineData("op.execute(open('x.sql').read())", "unknown: op.execute(…)")]
    [InlineData("t = sa.table('t', sa.column('a'))\nop.execute(t.update().where(t.c.a == 1).values(a=2, b=3))", "update t(a, b)")]
    [InlineData("t = sa.table('t', sa.column('a'))\nop.execute(t.update().values({t.c.a: None}))", "update t(a)")]
    [InlineData("t = sa.Table('t', sa.MetaData(), sa.Column('a', sa.Text()), schema='s')\nop.get_bind().execute(sa.delete(t))", "delete s.t")]
    [InlineData("t = sa.table('t')\nop.get_bind().execute(t.insert(), [{'a': 1}])", "insert t")]
    [InlineData("t = sa.table('t')\nop.execute(postgresql.insert(t).values(a=1).on_conflict_do_update(index_elements=['a'], set_={'b': 1}))", "insert t updating b")]
    [InlineData("t = sa.table('t')\nrows = op.get_bind().execute(sa.select(t.c.a).where(t.c.b.in_([1]))).scalars().all()", "")]
    [InlineData("op.get_bind().execute(sa.select(sa.func.do_things()))", "unknown: do_things()")]
    [InlineData("op.get_bind().execute(sa.select(sa.func.count()).select_from(sa.table('t')))", "")]
    [InlineData("op.get_bind().execute(sa.select(sa.literal_column('do_things()')))", "unknown: do_things()")]
    [InlineData("t = sa.table('t')\nc = t.delete().returning(t.c.a).cte()\nop.get_bind().execute(sa.select(c.c.a).select_from(c))", "delete t")]
    [InlineData("sa.MetaData().create_all(op.get_bind())", "unknown: metadata.create_all(…)")]
    [InlineData("Base.metadata.create_all(bind=op.get_bind())", "unknown: app.Base.metadata.create_all(…)")]
    [InlineData("sa.Table('t', sa.MetaData(), sa.Column('a', sa.Text())).create(op.get_bind())", "create table t(a text)")]
    [InlineData("def work(conn):\n    conn.execute(sa.text('DELETE FROM t'))\nop.run_async(work)", "delete t")]
    [InlineData("op.get_bind().run_callable(f)", "unknown: ….run_callable(…)")]
    public void What_is_executed_is_told(string body, string expected) =>
        Assert.Equal(expected.Length == 0 ? [] : expected.Split('|'), Migration.Does(body, "from app import query, name, value, Base").Where(change => change != "harmless"));

    [Theory]
    [InlineData("session.execute(sa.text('DELETE FROM users'))\nsession.commit()", "delete users")]
    [InlineData("session.query(User).filter(User.name == 'x').update({'name': 'y'})", "update users(name)")]
    [InlineData("session.query(User).filter_by(name='x').delete(synchronize_session=False)", "delete users")]
    [InlineData("for user in session.query(User).all():\n    user.name = user.name.lower()\nsession.commit()", "? update users(name)")]
    [InlineData("for user in session.scalars(sa.select(User)):\n    setattr(user, 'name', '')", "? update users(name)")]
    [InlineData("session.add(User(name='x'))", "insert users")]
    [InlineData("session.bulk_update_mappings(User, [])", "update users()")]
    [InlineData("session.delete(session.query(User).first())", "delete users")]
    [InlineData("session.frobnicate()", "unknown: session.frobnicate(…)")]
    [InlineData("count = session.query(User).count()", "")]
    public void An_ORM_session_is_followed(string body, string expected) => Assert.Equal(
        expected.Length == 0 ? [] : expected.Split('|'),
        Migration.Does(
            "session = orm.Session(bind=op.get_bind())\n" + body,
            "Base = orm.declarative_base()\nclass User(Base):\n    __tablename__ = 'users'\n    id = sa.Column(sa.Integer, primary_key=True)\n    name = sa.Column(sa.Text)\n"));

    [Theory]
    [InlineData("print('x', op.get_bind())")]
    [InlineData("logging.getLogger('x').info('y %s', op)")]
    [InlineData("now = datetime.datetime.now(datetime.timezone.utc).isoformat()")]
    [InlineData("x = json.loads(os.environ.get('X', '{}')).get('a')")]
    [InlineData("x = re.compile('a').sub('b', str(uuid.uuid4()))")]
    [InlineData("columns = [c['name'] for c in sa.inspect(op.get_bind()).get_columns('t')]")]
    [InlineData("pass")]
    public void What_cannot_touch_the_database_is_not_told(string body) =>
        Assert.Empty(Migration.Does(body, "import datetime, json, logging, os, re, uuid"));

    [Theory]
    [InlineData("helper(op)", "unknown: app.helper(…)")]
    [InlineData("helper()", "unknown: app.helper(…)")]
    [InlineData("Thing(op.get_bind())", "unknown: app.Thing(…)")]
    [InlineData("thing = Thing()\nthing.run()", "unknown: app.Thing.run(…)")]
    [InlineData("class A:\n    def f(self): op.drop_table('a')\nclass B(A):\n    def f(self): super().f()\nB().f()", "unknown: super.f(…)")]
    [InlineData("exec('op.drop_table(1)')", "unknown: builtins.exec(…)")]
    [InlineData("globals()['upgrade_x']()", "unknown: builtins.globals(…)|unknown: an item of an unknown value(…)")]
    [InlineData("functools.reduce(op.drop_table, ['a'])", "unknown: functools.reduce(…)")]
    [InlineData("def f(): f()\nf()", "unknown: f(…)")]
    [InlineData("with helper(): op.drop_table('a')", "unknown: app.helper(…)|drop Table a")]
    [InlineData("subprocess.run(['psql'])", "unknown: subprocess.run(…)")]
    public void What_cannot_be_followed_is_unknown(string body, string expected) =>
        Assert.Equal(expected.Split('|'), Migration.Does(body, "from app import helper, Thing\nimport functools, subprocess"));

    [Fact]
    public void Endless_work_is_given_up_as_unknown() =>
        Assert.Contains(Migration.Does("for a in range(3000):\n    for b in range(3000):\n        x = a + b"), change => change.StartsWith("unknown", StringComparison.Ordinal));

    [Fact]
    public void Enum_classes_of_the_file_are_known() => Assert.Equal(
        ["create Type status(OPEN, DONE)", "create table t(c status)", "unknown: ALTER TYPE status ADD VALUE 'open'"],
        Migration.Does(
            "op.create_table('t', sa.Column('c', sa.Enum(Status)))\nfor s in [Status.OPEN]: op.execute(f\"ALTER TYPE status ADD VALUE '{s.value}'\")",
            "import enum\nclass Status(str, enum.Enum):\n    OPEN = 'open'\n    DONE = 'done'\n").Select(change => change == "EnumLabelAdded" ? "unknown: ALTER TYPE status ADD VALUE 'open'" : change));

    [Theory]
    [InlineData("raise NotImplementedException()", 12, 0)]
    [InlineData("op.drop_table('a')\nraise RuntimeError('x')\nop.drop_table('b')", 13, 1)]
    [InlineData("fail()", 7, 0)]
    [InlineData("if op.get_bind().dialect.name == 'postgresql':\n    raise RuntimeError()\nop.drop_table('a')", 13, 0)]
    [InlineData("assert False", 12, 0)]
    [InlineData("if sa.inspect(op.get_bind()).has_table('a'):\n    raise RuntimeError()\nop.drop_table('a')", null, 1)]
    [InlineData("try:\n    raise RuntimeError()\nexcept RuntimeError:\n    op.drop_table('a')", null, 1)]
    public void A_downgrade_that_surely_raises_is_told_with_its_line(string downgrade, int? line, int changes)
    {
        var script = Migration.Of("pass", "def fail(): raise RuntimeError('no way back')\n", downgrade);
        Assert.Equal(line, script.DowngradeRaisesAtLine);
        Assert.Equal(changes, script.Downgrade.Count);
    }

    [Fact]
    public void A_missing_downgrade_is_told() =>
        Assert.False(Migration.File("revision = 'a'\ndown_revision = None\ndef upgrade(): pass\n").HasDowngrade);
}
