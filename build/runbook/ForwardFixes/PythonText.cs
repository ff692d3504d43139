using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Runback.Runbook.ForwardFixes;

/// <summary>Texts as Python writes them, and SQL as SQLAlchemy's <c>text()</c>, through which <c>op.execute</c> sends it, must be given.</summary>
internal static partial class PythonText
{
    /// <summary>A text as a string literal of one line.</summary>
    public static string Literal(string text)
    {
        var quote = text.Contains('"', StringComparison.Ordinal) && !text.Contains('\'', StringComparison.Ordinal) ? '\'' : '"';
        return $"{quote}{Escaped(text, quote)}{quote}";
    }

    /// <summary>A line inside a literal between three double quotes.</summary>
    public static string Inner(string line) => Escaped(line, '"', everyQuote: line.Contains("\"\"", StringComparison.Ordinal) || line.EndsWith('"'));

    /// <summary>
    /// SQL whose colons are no parameters to <c>text()</c>: it takes <c>:word</c> for one, unless another colon, a word or a backslash stands
    /// before it, and turns <c>\:</c> into a colon (SQLAlchemy documentation, <c>sqlalchemy.sql.expression.text</c>).
    /// </summary>
    public static string ForText(string sql) => Parameters().Replace(Backslashes().Replace(sql, @"\\"), @"\:");

    /// <summary>A comment's text: one line.</summary>
    public static string Comment(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static string Escaped(string text, char quote, bool everyQuote = true)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            if (c == '\\' || (c == quote && everyQuote))
                escaped.Append('\\').Append(c);
            else if (c is '\n')
                escaped.Append("\\n");
            else if (char.IsControl(c) || c is '\u2028' or '\u2029')
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                escaped.Append(c);
        }
        return escaped.ToString();
    }

    // The two expressions of sqlalchemy.sql.compiler (BIND_PARAMS, BIND_PARAMS_ESC), as places instead of matches.
    [GeneratedRegex(@"(?<![:\w\$\\]):(?=[\w\$]+(?![:\w\$]))")]
    private static partial Regex Parameters();

    [GeneratedRegex(@"\\(?=:[\w\$]*(?![:\w\$]))")]
    private static partial Regex Backslashes();
}
