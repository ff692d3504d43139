using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Tests.Migrations.Python;

public sealed class ParserTests
{
    [Theory]
    [InlineData("1 + 2 * 3", "(1 + (2 * 3))")]
    [InlineData("-a ** 2", "-(a ** 2)")]
    [InlineData("2 ** 3 ** 2", "(2 ** (3 ** 2))")]
    [InlineData("a - b - c", "((a - b) - c)")]
    [InlineData("a | b ^ c & d << 1", "(a | (b ^ (c & (d << 1))))")]
    [InlineData("not a == b", "not(a == b)")]
    [InlineData("a < b <= c", "(a < b <= c)")]
    [InlineData("a not in b", "(a not in b)")]
    [InlineData("a is not None", "(a is not None)")]
    [InlineData("a or b and not c", "(a or (b and notc))")]
    [InlineData("a if b else c if d else e", "(a if b else (c if d else e))")]
    [InlineData("f(a, *b, c=1, **d)", "f(a, *b, c=1, **d)")]
    [InlineData("a.b[1:2, ::3].c(x)(y)", "a.b[(1:2:, ::3)].c(x)(y)")]
    [InlineData("[x for x in a if x if y]", "[x for x in a if x if y]")]
    [InlineData("{k: v for k, v in a}", "{k: v for (k, v) in a}")]
    [InlineData("f(x for x in a)", "f((x for x in a))")]
    [InlineData("{1, *a}", "{1, *a}")]
    [InlineData("{'a': 1, **b}", "{'a': 1, **b}")]
    [InlineData("(a,)", "(a)")]
    [InlineData("()", "()")]
    [InlineData("lambda a, *b, c=1: a + c", "(lambda a *b c=1: (a + c))")]
    [InlineData("(n := 10)", "(n := 10)")]
    [InlineData("await f()", "await f()")]
    [InlineData("'a' 'b' \"c\"", "'abc'")]
    [InlineData("'a\\n\\x41\\u00e9\\101\\q'", "'a\nAéA\\q'")]
    [InlineData("r'a\\n'", "'a\\n'")]
    [InlineData("b'\\xff'", "b'\u00ff'")]
    [InlineData("f'a{b}c'", "f'a{b}c'")]
    [InlineData("f'{{{b!r:>{w}}}}'", "f'{{b!r:f'>{w}'}}'")]
    [InlineData("f'{a=}'", "f'a={a!r}'")]
    [InlineData("f'{d[\"k\"]}' 'x' f'{1:02d}'", "f'{d['k']}x{1:'02d'}'")]
    [InlineData("f'{(lambda x: x)(1)}'", "f'{(lambda x: x)(1)}'")]
    [InlineData("0x10 + 0b11 + 0o17 + 1_0", "(((16 + 3) + 15) + 10)")]
    [InlineData("match(a)", "match(a)")]
    public void Expressions_bind_as_Python_binds_them(string source, string expected)
    {
        var statement = Assert.IsType<ExpressionStatement>(Assert.Single(Parser.ParseModule(source).Body));
        Assert.Equal(expected, Shown.Expression(statement.Value));
    }

    [Theory]
    [InlineData("import a.b as c, d", typeof(ImportStatement))]
    [InlineData("from ..a import (b as c, d,)", typeof(FromImportStatement))]
    [InlineData("from . import *", typeof(FromImportStatement))]
    [InlineData("a = b = 1", typeof(Assignment))]
    [InlineData("a, *b = c", typeof(Assignment))]
    [InlineData("a: Union[str, None] = None", typeof(AnnotatedAssignment))]
    [InlineData("a //= 2", typeof(AugmentedAssignment))]
    [InlineData("del a[0], b.c", typeof(DeleteStatement))]
    [InlineData("global a, b", typeof(ScopeStatement))]
    [InlineData("assert a, 'b'", typeof(AssertStatement))]
    [InlineData("raise A('x') from b", typeof(RaiseStatement))]
    [InlineData("type A[T] = list[T]", typeof(TypeAliasStatement))]
    [InlineData("type = 1", typeof(Assignment))]
    [InlineData("match = 1", typeof(Assignment))]
    [InlineData("if a: b\nelif c: d\nelse: e", typeof(IfStatement))]
    [InlineData("for a, b in c, d: pass\nelse: pass", typeof(ForStatement))]
    [InlineData("while a: break", typeof(WhileStatement))]
    [InlineData("with a as b, c() as (d, e): pass", typeof(WithStatement))]
    [InlineData("with (\n  a as b,\n  c,\n): pass", typeof(WithStatement))]
    [InlineData("with (a): pass", typeof(WithStatement))]
    [InlineData("try: a\nexcept (B, C) as e: d\nexcept* E: f\nelse: g\nfinally: h", typeof(TryStatement))]
    [InlineData("@a.b(c)\nasync def f[T](a, /, b: int = 1, *, c, **d) -> None:\n  return a", typeof(FunctionDefinition))]
    [InlineData("class A(B, metaclass=C):\n  x: int\n  def f(self): ...", typeof(ClassDefinition))]
    [InlineData("match a, b:\n  case {'x': [y, *z]} if y: pass\n  case A(x=1) | None: pass\n  case _: pass", typeof(MatchStatement))]
    [InlineData("async def f():\n  async with a: pass\n  async for b in c: pass", typeof(FunctionDefinition))]
    public void Statements_are_known(string source, Type expected) => Assert.IsType(expected, Assert.Single(Parser.ParseModule(source).Body));

    [Fact]
    public void Several_statements_share_a_line() => Assert.Equal(3, Parser.ParseModule("a = 1; b = 2; pass;\n").Body.Count);

    [Theory]
    [InlineData("def f(:\n  pass", 1)]
    [InlineData("a = \nb = 1", 1)]
    [InlineData("x = 1\nprint 'a'", 2)]
    [InlineData("if a\n  b", 1)]
    [InlineData("def f():\nreturn 1", 2)]
    [InlineData("1 = a", 1)]
    [InlineData("f() = a", 1)]
    [InlineData("a b", 1)]
    [InlineData("  a = 1", 1)]
    [InlineData("try:\n  a\nb", 3)]
    [InlineData("f'{a b}'", 1)]
    [InlineData("x = (1,\n  2 3)", 2)]
    [InlineData("<<<<<<< HEAD", 1)]
    public void What_does_not_parse_is_refused_with_its_line(string source, int line) =>
        Assert.Equal(line, Assert.Throws<PythonSyntaxException>(() => Parser.ParseModule(source)).Line);
}
