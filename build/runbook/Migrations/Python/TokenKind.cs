namespace Runback.Runbook.Migrations.Python;

/// <summary>The kinds of token of Python's lexical analysis (Python Language Reference, chapter 2).</summary>
public enum TokenKind
{
    /// <summary>An identifier or a keyword.</summary>
    Name,

    /// <summary>An integer, floating point or imaginary literal.</summary>
    Number,

    /// <summary>One string or bytes literal with its prefix and quotes; f-strings are one token.</summary>
    Quoted,

    /// <summary>An operator or delimiter.</summary>
    Operator,

    /// <summary>The end of a logical line.</summary>
    NewLine,

    /// <summary>A line indented more than the one before.</summary>
    Indent,

    /// <summary>The end of an indented block.</summary>
    Dedent,

    /// <summary>The end of the file.</summary>
    End,
}
