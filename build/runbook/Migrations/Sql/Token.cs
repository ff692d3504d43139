namespace Runback.Runbook.Migrations.Sql;

/// <summary>The kinds of lexical elements of PostgreSQL's SQL (manual, section 4.1), and what SQLAlchemy's <c>text()</c> adds.</summary>
internal enum TokenKind
{
    Whitespace,
    Comment,
    Word,
    QuotedIdentifier,
    String,
    BitString,
    Number,
    Operator,
    Punctuation,
    Parameter,

    /// <summary>A quote or comment that never ends, or a character that has no place in SQL.</summary>
    Invalid,
}

/// <summary>One lexical element.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Start">Its first character's index in the text.</param>
/// <param name="Text">It as written; all tokens' texts joined are the whole text.</param>
/// <param name="Value">What it means: a word lower-cased, a quoted identifier or string without its quotes and escapes; else as written.</param>
/// <param name="Line">The line that it begins on, from 0.</param>
internal readonly record struct Token(TokenKind Kind, int Start, string Text, string Value, int Line)
{
    /// <summary>True when it says something: not white space, not a comment.</summary>
    public bool Significant => Kind is not (TokenKind.Whitespace or TokenKind.Comment);

    /// <summary>True for this key word, given in lower case.</summary>
    public bool IsWord(string word) => Kind == TokenKind.Word && Value == word;

    /// <summary>True for this punctuation mark or operator.</summary>
    public bool Is(string mark) => Kind is TokenKind.Punctuation or TokenKind.Operator && Text == mark;

    /// <summary>True for something that can be a name.</summary>
    public bool IsName => Kind is TokenKind.Word or TokenKind.QuotedIdentifier;
}
