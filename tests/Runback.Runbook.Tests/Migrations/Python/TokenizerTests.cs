using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Tests.Migrations.Python;

public sealed class TokenizerTests
{
    private static string Kinds(string source) => string.Join(' ', Tokenizer.Read(source).Select(token => token.Kind switch
    {
        TokenKind.NewLine => "¶",
        TokenKind.Indent => "»",
        TokenKind.Dedent => "«",
        TokenKind.End => "$",
        TokenKind.Quoted => "str",
        _ => token.Text,
    }));

    [Theory]
    [InlineData("a = 1", "a = 1 ¶ $")]
    [InlineData("a **= b // 2", "a **= b // 2 ¶ $")]
    [InlineData("x = 0xFF + 1_000 + 1.5e-3 + .5 + 2j", "x = 0xFF + 1_000 + 1.5e-3 + .5 + 2j ¶ $")]
    [InlineData("f(\n  1,  # one\n  2)\n", "f ( 1 , 2 ) ¶ $")]
    [InlineData("a = \\\n  1\n", "a = 1 ¶ $")]
    [InlineData("# only a comment\n\n", "$")]
    [InlineData("if a:\n  b\n\n  # c\n  d\ne\n", "if a : ¶ » b ¶ d ¶ « e ¶ $")]
    [InlineData("if a:\r\n\tb\r\n", "if a : ¶ » b ¶ « $")]
    [InlineData("a=b'x'rb\"y\"", "a = str str ¶ $")]
    [InlineData("f'{a[\"b\"]!r:>{w}}' + \"'\"", "str + str ¶ $")]
    [InlineData("f'{x + f'{y}'}'", "str ¶ $")]
    [InlineData("rf'\\{x}'", "str ¶ $")]
    [InlineData("'''a\nb''' 'c'", "str str ¶ $")]
    [InlineData("a if b else...", "a if b else ... ¶ $")]
    [InlineData("größe = 1", "größe = 1 ¶ $")]
    public void Source_is_cut_into_tokens(string source, string expected) => Assert.Equal(expected, Kinds(source));

    [Theory]
    [InlineData("a = 'x", 1, "not closed|never closed")]
    [InlineData("\n'''x\n", 2, "never closed")]
    [InlineData("f(1", 1, "'(' is never closed")]
    [InlineData("f(1]", 1, "']' closes '('")]
    [InlineData(")", 1, "closes nothing")]
    [InlineData("if a:\n    b\n  c\n", 3, "matches no block")]
    [InlineData("a = $", 1, "'$'")]
    [InlineData("f'}'", 1, "single '}'")]
    [InlineData("f'{a'", 1, "closing '}'|never closed")]
    public void What_is_no_Python_is_refused_with_its_line(string source, int line, string expected)
    {
        var fault = Assert.Throws<PythonSyntaxException>(() => Tokenizer.Read(source));
        Assert.Equal(line, fault.Line);
        Assert.Contains(expected.Split('|'), part => fault.Message.Contains(part, StringComparison.Ordinal));
    }

    [Fact]
    public void A_token_knows_the_line_that_it_starts_on()
    {
        var tokens = Tokenizer.Read("a = (\n  '''x\ny'''\n  z)");
        Assert.Equal([1, 1, 1, 2, 4, 4], tokens.Where(token => token.Kind is not (TokenKind.NewLine or TokenKind.End)).Select(token => token.Line));
    }

    [Fact]
    public void Any_text_is_read_or_refused_and_never_crashes() =>
        Prop.ForAll<string>(text => Ends(text ?? "")).Check(Seeded.Config);

    [Fact]
    public void Any_mixture_of_Python_is_read_or_refused_and_never_crashes()
    {
        var pieces = Gen.Elements(
            "if", " ", "\n", "    ", "(", ")", "[", "]", "{", "}", ":", "'", "\"", "f'", "'''", "\\", "def f", "lambda", "=", ":=", "*", "**", ",", "x", "1", "for", "in",
            "else", "class", "match x:\n", "case", "async", "await", "yield", "@", "#", "\t", "\r", "not", "is", "import", "from", ".", "...", "try:", "except", "{x!r:{y}}");
        Prop.ForAll(pieces.ListOf().Select(list => string.Concat(list)).ToArbitrary(), Ends).Check(Seeded.Config);
    }

    [Theory]
    [InlineData("(", 100_000)]
    [InlineData("f(", 100_000)]
    [InlineData("-", 100_000)]
    [InlineData("not ", 100_000)]
    [InlineData("a.", 100_000)]
    [InlineData("lambda: ", 100_000)]
    [InlineData("f'{", 10_000)]
    [InlineData("if a:\n ", 1_000)]
    public void Deep_nesting_is_refused_and_does_not_exhaust_the_stack(string piece, int times) =>
        Assert.True(Ends(string.Concat(Enumerable.Repeat(piece, times)) + "1"));

    private static bool Ends(string text)
    {
        try
        {
            Parser.ParseModule(text);
            return true;
        }
        catch (PythonSyntaxException fault)
        {
            return fault.Line > 0;
        }
    }
}
