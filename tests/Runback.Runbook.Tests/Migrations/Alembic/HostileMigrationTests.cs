using System.Text;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Alembic;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Migrations.Python;
using Runback.Runbook.Migrations.Rules;
using Runback.Runbook.Migrations.Sql;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Migrations.Alembic;

/// <summary>
/// Migrations that would fill the stack, the memory or a night: each is read to its end, or to a reason why not. A stack that overflows can't be caught, so a
/// failure of one of these is mostly the end of the whole test program.
/// </summary>
public sealed class HostileMigrationTests
{
    // Of the whole reading, what is thrown away at once included; what is held at one time is less.
    private const long MostAllocated = 300_000_000;

    private static readonly Dictionary<string, string> Unfollowable = new()
    {
        ["a list in itself, formatted"] = "x = []\nx.append(x)\nop.execute(\"select '%s'\" % (x,))",
        ["a list in itself, in an f-string"] = "x = []\nx.append(x)\nop.execute(f'{x}')",
        ["a list in itself, by str.format"] = "x = []\nx.append(x)\nop.execute('{}'.format(x))",
        ["a list in itself, by str()"] = "x = []\nx.append(x)\nop.execute(str(x) + repr(x))",
        ["a list in itself, joined"] = "x = []\nx.append(x)\nop.execute(' '.join(x))",
        ["a dict in itself"] = "x = {}\nx['a'] = x\nop.execute(f'{x}')",
        ["a list and a dict in each other"] = "x = []\ny = {'a': x}\nx.append(y)\nop.execute(f'{y}')",
        ["two lists in themselves, compared"] = "x = []\nx.append(x)\ny = []\ny.append(y)\nif x == y:\n    op.execute('select 1')",
        ["two lists in each other, compared"] = "x = []\ny = [x]\nx.append(y)\nif x in y:\n    op.execute('select 1')",
        ["a list in itself, as a key"] = "x = []\nx.append(x)\nd = {x: 1}\nd[x] = 2\nop.execute('select 1')",
        ["a list in itself, in a set"] = "x = []\nx.append(x)\ns = {x, (x,)}\ns.add(x)\nop.execute('select 1')",
        ["a list in itself, joined with another value"] = "x = []\nx.append(x)\nif op.get_bind().scalar():\n    y = x\nelse:\n    y = None\nop.execute('select 1')",
        ["a list in itself, handed to unknown code"] = "x = []\nx.append(x)\nprint(1)\nforeign(x)",
        ["a list in itself, as an argument of a query"] = "x = []\nx.append(x)\nop.execute(sa.select(x))",
        ["a list in itself, in an expression"] = "x = []\nx.append(x)\nop.execute(sa.and_(x))",
        ["an object that holds itself"] = "class C:\n    pass\nx = C()\nx.me = x\nforeign(x)",
        ["lists nested a hundred thousand deep by a loop"] = "x = []\nfor i in range(3000):\n    for j in range(40):\n        x = [x]\nop.execute(f'{x}')",
        ["sixty doublings of a list"] = Lines(60, "x = [x, x]", "x = 1") + "\nop.execute(f'{x}')",
        ["sixty doublings of a list, compared"] = Lines(60, "x = [x, x]\ny = [y, y]", "x = 1\ny = 1") + "\nif x == y:\n    op.execute('select 1')",
        ["sixty doublings of a dict"] = Lines(60, "x = {'a': x, 'b': x}", "x = 1") + "\nop.execute(f'{x}')",
        ["doublings under conditions"] = Lines(60, "if c.scalar():\n    x = x + [1]", "c = op.get_bind()\nx = [1, 2, 3]") + "\nop.execute('select 1')",
        ["a list of itself a thousand times over"] = "x = ['a'] * 1000\nfor i in range(9):\n    x = [*x, *x, *x, *x, *x, *x, *x, *x, *x, *x]\nop.execute('select 1')",
        ["a text joined of a thousand long texts"] = Lines(20, "t = t + t", "t = 'a'") + "\nop.execute(''.join([t for i in range(3000)]))",
        ["a text with every letter replaced by a long text"] = Lines(19, "t = t + t", "t = 'a'") + "\nfor i in range(3000):\n    t.replace('a', t)\n    op.execute(t)",
        ["an f-string of a thousand long texts"] = Lines(20, "t = t + t", "t = 'a'") + "\nop.execute(f'" + Times(3000, "{t}") + "')",
        ["a percent of a thousand long texts"] = Lines(20, "t = t + t", "t = 'a'") + "\nop.execute('" + Times(3000, "%s") + "' % tuple([t for i in range(3000)]))",
        ["a function of SQL of itself"] = Lines(60, "x = sa.func.lower(x, x)", "x = sa.func.lower('a')") + "\nop.execute(x)",
        ["a statement that holds itself twice, again and again"] = Lines(60, "x = sa.insert(t).from_select(['a'], x.cte())", "t = sa.table('t')\nx = sa.insert(t)") + "\nop.execute(x)",
        ["a class with a diamond of sixty levels"] = "class A0:\n    pass\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"class A{i}(A{i - 1}, A{i - 1}):\n    pass\n")) + "A60.missing",
        ["a class of a thousand ancestors"] = "class A:\n    pass\n" + Times(1000, "class A(A):\n    pass\n") + "A.missing",
        ["a function that calls itself"] = "def f(n):\n    return f(n) + f(n) + f(n)\nf(1)",
        ["functions that call each other"] = "def f(n):\n    return g(n) + g(n)\ndef g(n):\n    return f(n) + f(n)\nf(1)",
        ["a lambda that calls itself"] = "f = lambda n: f(n) + f(n)\nf(1)",
        ["a function that makes the next one"] = "def f():\n    global f\n    def g():\n        return 1\n    return f\nfor i in range(3000):\n    for j in range(3000):\n        f()",
        ["loops in loops"] = "for a in range(3000):\n    for b in range(3000):\n        for c in range(3000):\n            x = a\nop.execute('select 1')",
        ["a comprehension of comprehensions"] = "x = [a + b + c for a in range(3000) for b in range(3000) for c in range(3000)]\nop.execute('select 1')",
        ["a loop of SQL"] = "for a in range(3000):\n    for b in range(3000):\n        op.execute('select 1; select 2')",
        ["a long text of SQL, again and again"] = Lines(14, "t = t + t", "t = 'select 1;'") + "\nfor a in range(3000):\n    op.execute(t)",
        ["a table of a thousand columns, again and again"] = "c = [sa.Column('a', sa.Integer()) for i in range(3000)]\nfor i in range(3000):\n    op.create_table('t', *c)",
        ["very many conditions"] = "c = op.get_bind()\nif c.scalar():\n    pass\n" + Times(35_000, "elif c.scalar():\n    pass\n"),
        ["very many handlers"] = "try:\n    pass\nexcept A:\n    x = 1\n    y = 2\n    z = 3\n" + Times(20_000, "except A:\n    x = 1\n    y = 2\n    z = 3\n"),
        ["very many cases"] = "match x:\n" + Times(40_000, "    case 1:\n        pass\n"),
        ["very many operands"] = "c = op.get_bind()\nx = c.scalar()" + Times(80_000, " and c.scalar()"),
        ["very many contexts"] = "with a as b" + Times(99_999, ", a as b") + ":\n    pass",
        ["names that are compared with a thousand long texts"] = Lines(20, "t = t + t\nu = u + u", "t = 'a'\nu = 'a'") + "\nfor a in range(3000):\n    for b in range(3000):\n        if t == u:\n            x = 1\nop.execute('select 1')",
        ["a set that grows"] = "s = set()\nfor a in range(3000):\n    for b in range(3000):\n        s.add((a, b))\nop.execute('select 1')",
        ["products of products"] = "import itertools\nx = itertools.product(*[[1] for i in range(3000)])\nfor i in range(3000):\n    itertools.product(*[[1] for i in range(3000)])\nop.execute('select 1')",
        ["nested parentheses in SQL"] = "op.execute('select " + Times(100_000, "(") + "1" + Times(100_000, ")") + "')",
        ["nested queries in SQL"] = "op.execute('" + Times(20_000, "with a as (") + "select 1" + Times(20_000, ") select 1") + "')",
        ["nested DO blocks in SQL"] = "op.execute('" + string.Concat(Enumerable.Range(0, 5_000).Select(i => $"do $a{i}$ ")) + "null" + string.Concat(Enumerable.Range(0, 5_000).Reverse().Select(i => $" $a{i}$")) + "')",
        ["nested comments in SQL that never end"] = "op.execute('" + Times(200_000, "/*") + "')",
        ["a text of SQL that is too long"] = "op.execute('select " + Times(500_000, "1,") + "1')",
        ["a width of gigabytes"] = "x = 'a' * 10**9\nop.execute('%999999999d' % 1)\nop.execute(f'{1:>999999999}')\nop.execute(f'{1:0999999999d}')\nop.execute(x)",
        ["attributes of attributes of a row, by a loop"] = "x = orm.Session(bind=op.get_bind()).query(T)\nfor i in range(3000):\n    for j in range(3000):\n        x = x.aaaaaaaa\nx['a'] = 1\ndel x.b",
        ["attributes of attributes of a library's name, by a loop"] = "x = sa\nfor i in range(3000):\n    for j in range(3000):\n        x = x.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nx()",
        ["attributes of attributes of what is not known, by a loop"] = "x = foreign\nfor i in range(3000):\n    for j in range(3000):\n        x = x.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nx()",
        ["rows in lists in themselves"] = "x = list(orm.Session(bind=op.get_bind()).query(T))\nx.append(x)\nforeign(x)\nx[0].a = 1",
        ["a comprehension of very many clauses"] = "op.execute(str([1" + Times(80_000, " for a in [1]") + "]))",
        ["targets in targets"] = Times(90, "(") + "a" + Times(90, ",)") + " = " + Times(90, "(") + "b" + Times(90, ",)") + "\nop.execute(foreign)",
        ["loops over rows in loops over rows"] = "q = orm.Session(bind=op.get_bind()).query(T)\nl = None\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{new string(' ', i)}for a{i} in q:\n")) + new string(' ', 60) + "l = a0\nforeign(l)",
        ["CASE in CASE in SQL"] = "op.execute('update t set a = " + Times(20_000, "case when (b) then ") + "1" + Times(20_000, " end") + "')\nop.execute('do $$ begin ' + 'if a then ' * 9999 + 'x; ' + 'end if; ' * 9999 + 'end $$')",
        ["quotes of dollars in quotes of dollars"] = "op.execute('" + Times(50_000, "$a$ $b$ ") + "')",
        ["a number of a gigabyte"] = "op.execute(f'{10**10**8}')\nop.execute(f'{2**(2**62)}')",
    };

    private static readonly Dictionary<string, string> Unparsable = new()
    {
        ["brackets"] = "x = " + Times(100_000, "[") + Times(100_000, "]"),
        ["parentheses"] = "x = " + Times(100_000, "(") + "1" + Times(100_000, ")"),
        ["signs"] = "x = " + Times(100_000, "-") + "1",
        ["negations"] = "x = " + Times(100_000, "not ") + "1",
        ["lambdas"] = "x = " + Times(100_000, "lambda: ") + "1",
        ["conditions"] = "x = " + Times(100_000, "1 if 1 else ") + "1",
        ["powers"] = "x = 2" + Times(100_000, " ** 2"),
        ["stars"] = "x = [" + Times(100_000, "*") + "a]",
        ["yields"] = "x = " + Times(100_000, "yield ") + "1",
        ["attributes"] = "x = a" + Times(100_000, ".a"),
        ["calls"] = "x = a" + Times(100_000, "()"),
        ["items"] = "x = a" + Times(100_000, "[0]"),
        ["sums"] = "x = 'a'" + Times(100_000, " + 'a'"),
        ["sums of sums"] = "x = " + Times(90, "(") + "a" + Times(90, string.Concat(Times(500, " + a"), ")")),
        ["chains of chains"] = "x = " + Times(90, "(") + "a" + Times(90, string.Concat(Times(500, ".a"), ")")),
        ["sums in f-strings"] = "x = f'{a" + Times(999, " + a") + "}' + f'{(f'{a" + Times(999, " + a") + "}') + a}' + 'a'" + Times(500, " + 'a'"),
        ["f-strings"] = "x = " + Times(1_000, "f'{") + "1" + Times(1_000, "}'"),
        ["specs of f-strings"] = "x = f'" + Times(1_000, "{1:") + Times(1_000, "}") + "'",
        ["blocks"] = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"{new string(' ', i)}if a:\n")) + new string(' ', 1_000) + "pass",
        ["awaits"] = "x = " + Times(100_000, "await ") + "a",
        ["conditions one after another"] = "if a:\n    pass\n" + Times(100_000, "elif a:\n    pass\n"),
        ["words"] = Times(400_000, "a,\n"),
    };

    public static TheoryData<string> UnfollowableNames => [.. Unfollowable.Keys];

    public static TheoryData<string> UnparsableNames => [.. Unparsable.Keys];

    [Theory(Timeout = 480_000)]
    [MemberData(nameof(UnfollowableNames))]
    public Task What_is_too_much_to_follow_is_not_known(string name) => Task.Run(
        () =>
        {
            foreach (var text in (string[])[InUpgrade(Unfollowable[name]), InFunctionOfUpgrade(Unfollowable[name])])
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var script = MigrationReader.Read("x.py", text)!;
                var verdict = VerdictOfPath.Assess([script]).Verdict;
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
                Assert.Equal("a", script.Revision);
                Assert.Contains(script.Upgrade, change => change is Unknown);
                Assert.True(verdict.Blocks(), $"{verdict}");
            }
        },
        TestContext.Current.CancellationToken);

    [Theory(Timeout = 480_000)]
    [MemberData(nameof(UnparsableNames))]
    public Task What_is_nested_too_deeply_to_parse_is_refused(string name) => Task.Run(
        () =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var refusal = Assert.Throws<PythonSyntaxException>(() => MigrationReader.Read("x.py", InUpgrade(Unparsable[name])));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
            Assert.NotEmpty(refusal.Message);
        },
        TestContext.Current.CancellationToken);

    [Fact(Timeout = 240_000)]
    public Task The_reason_says_that_it_was_too_much_and_where() => Task.Run(
        () =>
        {
            var script = MigrationReader.Read("x.py", InUpgrade("op.drop_table('old')\nx = []\nx.append(x)\nop.execute(f'{x}')\nop.drop_table('never')"))!;
            Assert.IsType<ObjectDropped>(script.Upgrade[0]);
            var unknown = Assert.IsType<Unknown>(script.Upgrade[^1]);
            Assert.Contains("nested too deeply, or holds itself", unknown.Why, StringComparison.Ordinal);
            Assert.Equal(new SourceLine("x.py", 11), unknown.At);
            Assert.Equal(2, script.Upgrade.Count);
        },
        TestContext.Current.CancellationToken);

    [Fact(Timeout = 240_000)]
    public Task A_hostile_upgrade_leaves_the_rest_of_the_file_readable() => Task.Run(
        () =>
        {
            var script = MigrationReader.Read("x.py", InUpgrade("x = []\nx.append(x)\nop.execute(f'{x}')") + "\n\ndef downgrade():\n    op.drop_column('t', 'c')\n")!;
            Assert.Equal("c", Assert.IsType<ColumnDropped>(Assert.Single(script.Downgrade)).Column);
        },
        TestContext.Current.CancellationToken);

    [Fact(Timeout = 240_000)]
    public Task A_hostile_module_is_not_known_in_both_directions() => Task.Run(
        () =>
        {
            var script = MigrationReader.Read("x.py", "revision = 'a'\ndown_revision = None\nx = []\nx.append(x)\nf'{x}'\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n")!;
            Assert.IsType<Unknown>(Assert.Single(script.Upgrade, change => change is Unknown { Why: not "its code is not in this file" }));
            Assert.Contains(script.Downgrade, change => change is Unknown);
            var refusal = Assert.Throws<MigrationFormatException>(() => MigrationReader.Read("x.py", "x = []\nx.append(x)\nf'{x}'\nrevision = 'a'\ndown_revision = None\n"));
            Assert.Contains("the file was not followed to its end", refusal.Message, StringComparison.Ordinal);
        },
        TestContext.Current.CancellationToken);

    [Fact(Timeout = 240_000)]
    public Task A_migration_of_many_ordinary_lines_is_followed_to_its_end() => Task.Run(
        () =>
        {
            var lines = string.Concat(Enumerable.Range(0, 2_000).Select(i => $"op.add_column('t', sa.Column('c{i}', sa.String(20), server_default='a' + 'b', nullable=False))\n"))
                + "rows = [" + string.Concat(Enumerable.Range(0, 3_000).Select(i => $"{{'id': {i}, 'name': 'n{i}', 'at': datetime.date(2026, 1, 1)}}, ")) + "]\nop.bulk_insert(sa.table('t'), rows)\n"
                + "for row in rows:\n    op.execute(f\"UPDATE t SET c1 = '{row['name']}' WHERE id = {row['id']}\")\n"
                + "op.execute('select ' + " + string.Join(" + ", Enumerable.Repeat("'1, '", 400)) + " + '1')\n";
            var script = MigrationReader.Read("x.py", InUpgrade(lines))!;
            Assert.DoesNotContain(script.Upgrade, change => change is Unknown);
            Assert.Equal(2_000, script.Upgrade.Count(change => change is ColumnAdded));
            Assert.Equal(3_000, script.Upgrade.Count(change => change is RowsUpdated));
        },
        TestContext.Current.CancellationToken);

    [Fact(Timeout = 240_000)]
    public Task A_range_whose_last_step_goes_beyond_all_numbers_ends() => Task.Run(
        () => Assert.Equal(3, MigrationReader.Read("x.py", InUpgrade("for i in range(1, 9223372036854775807, 9000000000000000000):\n    op.execute('UPDATE t SET a = 1')\nfor i in range(-1, -9223372036854775807, -9223372036854775807):\n    op.execute('UPDATE t SET a = 1')"))!.Upgrade.Count(change => change is RowsUpdated)),
        TestContext.Current.CancellationToken);

    [Theory(Timeout = 480_000)]
    [InlineData(50, "(", ")", true)]
    [InlineData(100_000, "(", ")", false)]
    [InlineData(100_000, "not ", "", true)]
    [InlineData(99_999, "not ", "", false)]
    [InlineData(50_000, "not (", ")", false)]
    [InlineData(50_000, "lower(", ")", false)]
    public Task A_condition_is_judged_however_deep_it_is(int times, string before, string after, bool holds) => Task.Run(
        () =>
        {
            var condition = Times(times, before) + "a > 0" + Times(times, after);
            Assert.Equal(holds, CheckEvaluation.NeverFalse(condition, _ => (true, "5")));
            var script = MigrationReader.Read("x.py", InUpgrade($"op.create_check_constraint('k', 't', '{condition}')\nop.execute('ALTER TABLE t ADD CHECK ({condition})')"))!;
            Assert.True(VerdictOfPath.Assess([script]).Verdict > Verdict.Additive);
        },
        TestContext.Current.CancellationToken);

    [Theory(Timeout = 480_000)]
    [InlineData("+", 1_000_000)]
    [InlineData("+-", 500_000)]
    [InlineData("%(", 500_000)]
    [InlineData("begin atomic or ", 60_000)]
    [InlineData("create or begin atomic ", 60_000)]
    [InlineData("/*", 500_000)]
    [InlineData("'a' ", 200_000)]
    [InlineData("$a", 300_000)]
    public Task No_text_of_SQL_keeps_the_classifier_busy(string piece, int times) => Task.Run(
        () => Assert.NotEmpty(SqlClassifier.Classify("create or replace " + Times(times, piece), SourceLine.None)), TestContext.Current.CancellationToken);

    [Fact(Timeout = 480_000)]
    public Task A_long_history_is_ordered_and_a_circle_in_it_found() => Task.Run(
        () =>
        {
            static SourceFile File(int revision, string follows) => new($"{revision:D6}.py", $"revision = 'r{revision}'\ndown_revision = {follows}\n\ndef upgrade():\n    pass\n");
            const int Count = 9_999;
            var chain = Enumerable.Range(0, Count).Select(i => File(i, i == 0 ? "None" : $"'r{i - 1}'")).ToList();
            var graph = RevisionGraph.Read(chain);
            Assert.Equal([$"r{Count - 1}"], graph.Heads);
            Assert.Equal(Count, graph.AncestorsAndSelf(graph.Heads).Count);
            Assert.Equal(Count, RevisionPath.Find([], graph, graph).Missing.Count);

            chain[0] = File(0, $"'r{Count - 1}'");
            var circle = Assert.Throws<RunbookException>(() => RevisionGraph.Read(chain));
            Assert.Contains("without circles", circle.Message, StringComparison.Ordinal);
            Assert.InRange(circle.Message.Length, 1, 1_000);

            var wide = RevisionGraph.Read([.. Enumerable.Range(0, Count).Select(i => File(i, "None"))]);
            Assert.Equal(Count, wide.Heads.Count);

            var tooMany = Assert.Throws<RunbookException>(() => RevisionGraph.Read([.. Enumerable.Range(0, 10_001).Select(i => File(i, "None"))]));
            Assert.Contains("10001 Python files", tooMany.Message, StringComparison.Ordinal);
        },
        TestContext.Current.CancellationToken);

    [Fact(Timeout = 480_000)]
    public Task A_folder_of_hostile_files_costs_little_more_than_a_few() => Task.Run(
        () =>
        {
            var body = "for a in range(3000):\n    for b in range(3000):\n        x = a";
            var files = Enumerable.Range(0, 1_000).Select(i => new SourceFile($"{i}.py", InUpgrade(body).Replace("revision = 'a'", $"revision = 'r{i}'", StringComparison.Ordinal))).ToList();
            var graph = RevisionGraph.Read(files);
            Assert.All(graph.OldestFirst, script => Assert.Contains(script.Upgrade, change => change is Unknown));
        },
        TestContext.Current.CancellationToken);

    [Fact(Timeout = 480_000)]
    public Task A_folder_of_ordinary_files_is_followed_however_many_there_are() => Task.Run(
        () =>
        {
            var files = Enumerable.Range(0, 5_000).Select(i => new SourceFile($"{i}.py", InUpgrade(Lines(10, $"op.add_column('t{i}', sa.Column('c', sa.Integer()))", "")).Replace("revision = 'a'", $"revision = 'r{i}'", StringComparison.Ordinal))).ToList();
            Assert.All(RevisionGraph.Read(files).OldestFirst, script => Assert.DoesNotContain(script.Upgrade, change => change is Unknown));
        },
        TestContext.Current.CancellationToken);

    [Fact(Timeout = 240_000)]
    public void Files_too_large_are_refused_before_they_are_read()
    {
        var folder = Directory.CreateTempSubdirectory("runback-hostile-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "a.py"), InUpgrade("pass"));
            using (var large = File.Create(Path.Combine(folder, "b.py")))
                large.SetLength(5L << 30);
            Assert.Contains("b.py, found 5368709120 bytes", Assert.Throws<RunbookException>(() => MigrationFolders.Read([folder])).Message, StringComparison.Ordinal);

            File.Delete(Path.Combine(folder, "b.py"));
            for (var i = 0; i < 9; i++)
            {
                using var some = File.Create(Path.Combine(folder, $"c{i}.py"));
                some.SetLength(4 << 20);
            }

            Assert.Contains("bytes of Python up to", Assert.Throws<RunbookException>(() => MigrationFolders.Read([folder])).Message, StringComparison.Ordinal);
            using (var ini = File.Create(Path.Combine(folder, "alembic.ini")))
                ini.SetLength(5L << 30);
            Assert.Contains("alembic.ini, found 5368709120 bytes", Assert.Throws<RunbookException>(() => MigrationFolders.Read([folder])).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string InUpgrade(string body) => $"revision = 'a'\ndown_revision = None\nfrom alembic import op\nimport sqlalchemy as sa\nimport datetime\n\ndef upgrade():\n{Indented(body)}\n";

    // Half of the stack is used up already.
    private static string InFunctionOfUpgrade(string body) =>
        $"revision = 'a'\ndown_revision = None\nfrom alembic import op\nimport sqlalchemy as sa\n\ndef deep(n):\n    if n == 30:\n        return [work()]\n    return [[deep(n + 1)]]\n\ndef work():\n{Indented(body)}\n\ndef upgrade():\n    deep(0)\n";

    private static string Indented(string body) => body.EndsWith("pass", StringComparison.Ordinal) && body.StartsWith("if a", StringComparison.Ordinal)
        ? string.Concat(body.Split('\n').Select(line => $" {line}\n"))
        : string.Concat(body.Split('\n').Select(line => line.Length > 0 ? $"    {line}\n" : "\n"));

    private static string Lines(int count, string line, string first) => first + Times(count, "\n" + line);

    private static string Times(int count, string text) => new StringBuilder(count * text.Length).Insert(0, text, count).ToString();
}
