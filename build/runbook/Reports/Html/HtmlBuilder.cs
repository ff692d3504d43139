using System.Buffers;
using System.Globalization;
using System.Text;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Reports.Html;

/// <summary>
/// Writes HTML and SVG. The one place where text becomes markup: every text and every attribute's value is escaped here, made printable, and cut
/// when it is very long. Names of elements and attributes are this program's own constants.
/// </summary>
public sealed class HtmlBuilder
{
    /// <summary>How many characters of one text are shown.</summary>
    public const int LongestText = 4_000;

    private static readonly HashSet<string> Void = new(["br", "hr", "link", "meta"], StringComparer.Ordinal);
    private static readonly SearchValues<char> Special = SearchValues.Create("&<>\"'");
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element; an attribute whose value is null is left out.</summary>
    public HtmlBuilder Open(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(element, attributes);
        if (!Void.Contains(element))
            _open.Push(element);
        return this;
    }

    /// <summary>Closes the element that was opened last.</summary>
    public HtmlBuilder Close()
    {
        _text.Append("</").Append(_open.Pop()).Append('>');
        return this;
    }

    /// <summary>Ends a line of the file.</summary>
    public HtmlBuilder Line()
    {
        _text.Append('\n');
        return this;
    }

    /// <summary>Writes a text.</summary>
    public HtmlBuilder Text(string? text)
    {
        Escape(text ?? "", inAttribute: false);
        return this;
    }

    /// <summary>Writes an element that holds a text only.</summary>
    public HtmlBuilder Element(string element, string? text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Start(element, attributes);
        Escape(text ?? "", inAttribute: false);
        _text.Append("</").Append(element).Append('>');
        return this;
    }

    /// <summary>Writes markup that another builder made.</summary>
    public HtmlBuilder Add(Markup markup)
    {
        _text.Append(markup.ToString());
        return this;
    }

    /// <summary>Writes a style sheet of this program as it is: its hash is in the page's policy.</summary>
    internal HtmlBuilder Style(string css)
    {
        _text.Append("<style>").Append(css).Append("</style>");
        return this;
    }

    /// <summary>Writes the document type.</summary>
    internal HtmlBuilder DocumentType()
    {
        _text.Append("<!DOCTYPE html>\n");
        return this;
    }

    /// <summary>What was written; every element must be closed.</summary>
    public Markup ToMarkup() => _open.Count == 0 ? new(_text.ToString()) : throw new InvalidOperationException($"<{_open.Peek()}> is still open");

    /// <summary>A number as an attribute's value.</summary>
    public static string Number(double number) => Math.Round(number, 3).ToString(CultureInfo.InvariantCulture);

    private void Start(string element, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _text.Append('<').Append(element);
        foreach (var (name, value) in attributes)
        {
            if (value is null)
                continue;
            _text.Append(' ').Append(name).Append("=\"");
            Escape(value, inAttribute: true);
            _text.Append('"');
        }
        _text.Append('>');
    }

    // HTML Standard, 13.3: in text &, < and > are escaped, in attributes the quotes as well.
    private void Escape(string text, bool inAttribute)
    {
        if (text.Length <= LongestText && text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && !text.AsSpan().ContainsAny(Special))
        {
            _text.Append(text);
            return;
        }
        var cut = text.Length - LongestText;
        if (cut > 0)
            text = text[..LongestText];
        foreach (var c in Narration.Printable(text))
        {
            switch (c)
            {
                case '&':
                    _text.Append("&amp;");
                    break;
                case '<':
                    _text.Append("&lt;");
                    break;
                case '>':
                    _text.Append("&gt;");
                    break;
                case '"' when inAttribute:
                    _text.Append("&quot;");
                    break;
                case '\'' when inAttribute:
                    _text.Append("&#39;");
                    break;
                default:
                    _text.Append(c);
                    break;
            }
        }
        if (cut > 0)
            _text.Append(CultureInfo.InvariantCulture, $" \u2026 ({cut} more characters)");
    }
}
