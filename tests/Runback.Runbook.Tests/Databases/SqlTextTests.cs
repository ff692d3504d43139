using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Databases;

namespace Runback.Runbook.Tests.Databases;

public sealed class SqlTextTests
{
    [Fact(Timeout = 40_000)]
    public Task A_quoted_identifier_reads_back_as_the_name_and_ends_only_at_its_end() => Check(name =>
    {
        var quoted = SqlText.Identifier(name);
        Assert.Equal(name, ReadBack(quoted, '"', escapes: false));
    });

    [Theory(Timeout = 40_000)]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_quoted_literal_reads_back_as_the_value_whatever_backslashes_mean(bool standardConformingStrings) => Check(value =>
    {
        var quoted = SqlText.Literal(value);
        var escapes = quoted[0] == 'E' || !standardConformingStrings;
        Assert.Equal(value, ReadBack(quoted.TrimStart('E'), '\'', escapes));
    });

    [Fact]
    public void What_PostgreSQL_cannot_store_is_refused()
    {
        foreach (var text in new[] { "a\0b", "half \ud83d of a pair", "\udc00", "\ud83d" })
        {
            Assert.Throws<ArgumentException>(() => SqlText.Literal(text));
            Assert.Throws<ArgumentException>(() => SqlText.Identifier(text));
        }
        Assert.Equal("'\ud83d\ude00'", SqlText.Literal("\ud83d\ude00"));
        Assert.Throws<ArgumentException>(() => SqlText.Identifier(""));
    }

    [Fact]
    public void Readable_names_are_quoted_only_where_they_must_be()
    {
        Assert.Equal("public.bookings", SqlText.Readable("public", "bookings"));
        Assert.Equal("public.\"Bookings\"", SqlText.Readable("public", "Bookings"));
        Assert.Equal("NULL", SqlText.Literal(null));
    }

    [Theory]
    [InlineData("cleaning", "cleaning")]
    [InlineData("a=b", "dbname='a=b'")]
    [InlineData("postgresql://host/x", "dbname='postgresql://host/x'")]
    [InlineData("it's=\\", "dbname='it\\'s=\\\\'")]
    public void A_database_name_is_never_read_as_a_connection_string(string database, string expected) =>
        Assert.Equal(expected, PostgresServer.ConnectionName(database));

    // Names made of the characters that matter, and of anything else.
    private static Task Check(Action<string> property)
    {
        var hostile = Gen.OneOf(Gen.Elements('\'', '"', '\\', ':', ';', '\n', '$', '-', 'E', ' '), Gen.Choose(1, 0xD7FF).Select(c => (char)c));
        var text = Gen.NonEmptyListOf(hostile).Select(chars => string.Concat(chars));
        Prop.ForAll(text.ToArbitrary(), property).Check(Seeded.Config.WithMaxTest(1000));
        return Task.CompletedTask;
    }

    // PostgreSQL's lexical rules for quoted text (manual, 4.1): nothing may be left after the closing quote.
    private static string ReadBack(string quoted, char quote, bool escapes)
    {
        var read = new System.Text.StringBuilder();
        Assert.Equal(quote, quoted[0]);
        for (var i = 1; ; i++)
        {
            if (quoted[i] == quote)
            {
                if (i == quoted.Length - 1)
                    return read.ToString();
                Assert.Equal(quote, quoted[++i]);
            }
            else if (escapes && quoted[i] == '\\')
                i++;
            read.Append(quoted[i]);
        }
    }
}
