using System.Runtime.CompilerServices;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Alembic;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Tests.Properties;

/// <summary>The lab's own migrations, spoiled: the reader reads or refuses them, and garbage never makes a migration look safer.</summary>
public sealed class MigrationFileTests
{
    private static readonly IReadOnlyList<string> Files = [.. Directory.EnumerateFiles(Lab(), "*.py", SearchOption.AllDirectories)
        .Where(file => file.Contains("/versions/", StringComparison.Ordinal) && !file.Contains("/.", StringComparison.Ordinal)).Select(File.ReadAllText)];

    // What nobody can know the effect of: a reader that leaves it out would call the migration safe.
    private static readonly string[] Garbage =
    [
        "op.no_such_operation('bookings')", "no_such_function(op)", "op.execute(no_such_text)", "op.execute('GARBAGE bookings ALL')", "getattr(op, no_such_name)('bookings')",
        "exec(no_such_code)", "op.get_bind().execute(no_such_statement)", "for _ in no_such_list: op.drop_table(_)", "op.batch_alter_table('bookings').no_such_operation()", "op.execute('DROP ' + no_such_thing)",
    ];

    [Fact(Timeout = 240_000)]
    public Task A_spoiled_migration_is_read_or_refused() => Task.Run(
        () => Prop.ForAll(Gen.Elements(Files.ToArray()).SelectMany(Hostile.Mutated).ToArbitrary(), text => Read(text)).Check(Seeded.Config.WithMaxTest(400)),
        TestContext.Current.CancellationToken);

    [Fact(Timeout = 240_000)]
    public Task Garbage_in_a_migration_never_makes_it_look_safe() => Task.Run(
        () =>
        {
            Assert.True(Files.Count > 10);
            var cases = from file in Gen.Elements(Files.ToArray()) from garbage in Gen.Elements(Garbage) from seed in Gen.Choose(0, 1000) select (file, garbage, seed);
            Prop.ForAll(cases.ToArbitrary(), one =>
            {
                var before = VerdictOf(one.file);
                var after = VerdictOf(WithLine(one.file, one.garbage, one.seed));
                Assert.True(before is not null && after is not null && after >= before && after.Value.Blocks(), $"{before} became {after} by {one.garbage}");
            }).Check(Seeded.Config.WithMaxTest(200));
        },
        TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("--sql")]
    [InlineData("-1")]
    [InlineData("+2")]
    [InlineData("a@b")]
    [InlineData("a:b")]
    [InlineData("head")]
    [InlineData("base")]
    [InlineData("a b")]
    public void A_revision_that_Alembic_would_take_for_something_else_is_refused(string revision) =>
        Assert.Throws<MigrationFormatException>(() => MigrationReader.Read("x.py", $"revision = '{revision}'\ndown_revision = None\n\ndef upgrade():\n    pass\n"));

    [Theory(Timeout = 240_000)]
    [InlineData("op.execute('x')\n    ")]
    [InlineData("x = x + 'aaaaaaaa'\n    ")]
    [InlineData("x = x + x\n    ")]
    [InlineData("x = f'{x}{x}'\n    ")]
    [InlineData("x = x.replace('a', 'aa')\n    ")]
    [InlineData("x = [x] + [x]\n    x += x\n    ")]
    [InlineData("x = x * 9223372036854775807\n    ")]
    [InlineData("op.execute('%2000000000d' % 1)\n    op.execute(f'{1:>2000000000}')\n    op.execute('x'.ljust(2000000000))\n    ")]
    [InlineData("x = [x, x]\n    ")]
    [InlineData("for a in range(1000000000): op.execute('x')\n    ")]
    [InlineData("while True: op.execute('x')\n    ")]
    [InlineData("upgrade()\n    ")]
    [InlineData("op.execute('x' * 1000000000)\n    ")]
    public async Task No_migration_keeps_the_reader_busy(string line)
    {
        var text = $"revision = 'a'\ndown_revision = None\nfrom alembic import op\n\ndef upgrade():\n    x = 'a'\n    {new StringBuilder().Insert(0, line, 300)}\n";
        var reading = Task.Run(() => Read(text), TestContext.Current.CancellationToken);
        Assert.True(await Task.WhenAny(reading, Task.Delay(20_000, TestContext.Current.CancellationToken)) == reading, line);
        await reading;
    }

    private static MigrationScript? Read(string text)
    {
        try
        {
            return MigrationReader.Read("x.py", text);
        }
        catch (Exception refusal) when (refusal is PythonSyntaxException or MigrationFormatException)
        {
            Assert.NotEmpty(refusal.Message);
            return null;
        }
    }

    private static Verdict? VerdictOf(string text) => Read(text) is { } script ? VerdictOfPath.Assess([script]).Verdict : null;

    // As a statement of upgrade() itself, before one that is there.
    private static string WithLine(string text, string statement, int seed)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').ToList();
        var upgrade = lines.FindIndex(line => line.StartsWith("def upgrade(", StringComparison.Ordinal));
        var end = lines.FindIndex(upgrade + 1, line => line.Length > 0 && !char.IsWhiteSpace(line[0]));
        var open = 0;
        var places = new List<int>();
        for (var at = upgrade + 1; at < (end < 0 ? lines.Count : end); at++)
        {
            if (open == 0 && lines[at].StartsWith("    ", StringComparison.Ordinal) && !char.IsWhiteSpace(lines[at][4]) && lines[at][4] != ')')
                places.Add(at);
            open += lines[at].Count(c => c is '(' or '[' or '{') - lines[at].Count(c => c is ')' or ']' or '}');
        }
        lines.Insert(places[seed % places.Count], "    " + statement);
        return string.Join('\n', lines);
    }

    private static string Lab([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "build", "lab"));
}
