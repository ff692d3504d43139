using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Migrations.Sql;

namespace Runback.Runbook.Tests.Migrations.Sql;

public class LexerTests
{
    private static readonly string[] Pieces =
    [
        "'", "\"", "$$", "$a$", "$", "/*", "*/", "--", "\n", " ", "E'", "U&'", "U&\"", "b'", "\\", ":", "::", "%", "%(a)s", "%s", ";", "(", ")", "[", "]",
        "1.5e", "..", "a", "Ä", "DROP", "+-", "@-", "\0", "😀",
    ];

    private static IEnumerable<(TokenKind, string)> Significant(string sql) =>
        Lexer.Tokens(sql).Where(token => token.Significant).Select(token => (token.Kind, token.Value));

    [Theory]
    [InlineData("Bookings", "bookings")]
    [InlineData("a$1", "a$1")]
    [InlineData("straße", "straße")]
    public void A_word_is_folded(string sql, string value) => Assert.Equal([(TokenKind.Word, value)], Significant(sql));

    [Theory]
    [InlineData("\"Order\"", "Order")]
    [InlineData("\"a \"\" b\"", "a \" b")]
    [InlineData("U&\"d\\0061t\\+000061\"", "data")]
    public void A_quoted_identifier_is_kept(string sql, string value) => Assert.Equal([(TokenKind.QuotedIdentifier, value)], Significant(sql));

    [Theory]
    [InlineData("'it''s; -- no'", "it's; -- no")]
    [InlineData(@"'a\'", @"a\")]
    [InlineData(@"E'a\'b\n\x41\u0042'", "a'b\nAB")]
    [InlineData("'foo' -- more\n  'bar'", "foobar")]
    [InlineData("$$ it's $1 $a$ $$", " it's $1 $a$ ")]
    [InlineData("$fn$ $$ ; $fn$", " $$ ; ")]
    [InlineData(@"U&'\0441'", "с")]
    public void A_string_is_read_whole(string sql, string value) => Assert.Equal([(TokenKind.String, value)], Significant(sql));

    [Theory]
    [InlineData("a--b\n+c", "a", "+", "c")]
    [InlineData("a /* b /* c */ d */ e", "a", "e")]
    [InlineData("a*-b", "a", "*", "-", "b")]
    [InlineData("a@-b", "a", "@-", "b")]
    [InlineData("x::int", "x", "::", "int")]
    [InlineData(@"x\:\:int", "x", "::", "int")]
    [InlineData("a = :b", "a", "=", ":b")]
    [InlineData("a =%(b)s", "a", "=", "%(b)s")]
    [InlineData("a=%s", "a", "=", "%s")]
    [InlineData("1.5e-3+.5", "1.5e-3", "+", ".5")]
    [InlineData("'a' 'b'", "a", "b")]
    [InlineData("b.\"C\"", "b", ".", "C")]
    public void Comments_operators_numbers_and_parameters_are_told_apart(string sql, params string[] values) =>
        Assert.Equal(values, Significant(sql).Select(token => token.Item2));

    [Theory]
    [InlineData("'abc")]
    [InlineData("\"abc")]
    [InlineData("$a$ abc $b$")]
    [InlineData("/* /* */ abc")]
    public void What_never_ends_is_invalid(string sql) => Assert.Equal([TokenKind.Invalid], Significant(sql).Select(token => token.Item1));

    [Fact]
    public void A_token_knows_its_line() =>
        Assert.Equal([0, 1, 3], Lexer.Tokens("a\nb /*\n*/\nc").Where(token => token.Significant).Select(token => token.Line));

    [Fact(Timeout = 240_000)]
    public async Task The_tokens_of_any_text_are_that_text() => await Task.Run(
        () =>
        {
            var texts = Gen.Elements(Pieces).ListOf().Select(string.Concat);
            Prop.ForAll(texts.ToArbitrary(), Covers).Check(Seeded.Config.WithMaxTest(2000));
            Prop.ForAll<string>(text => Covers(text ?? "")).Check(Seeded.Config.WithMaxTest(500));
        },
        TestContext.Current.CancellationToken);

    private static bool Covers(string text)
    {
        var tokens = Lexer.Tokens(text);
        return string.Concat(tokens.Select(token => token.Text)) == text && tokens.All(token => token.Text.Length > 0);
    }
}
