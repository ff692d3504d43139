namespace Runback.Runbook.Reports.Html;

/// <summary>Writes blocks as HTML.</summary>
/// <param name="page">Where they are written.</param>
public sealed class HtmlBlocks(HtmlBuilder page)
{
    private int _ids;

    /// <summary>Writes blocks.</summary>
    public void Write(IEnumerable<Block> blocks)
    {
        foreach (var block in blocks)
        {
            Write(block);
            page.Line();
        }
    }

    private void Write(Block block)
    {
        switch (block)
        {
            case Paragraph paragraph:
                page.Open("p", ("class", Class(paragraph.Content.Tone)));
                Write(paragraph.Content);
                page.Close();
                break;
            case FactList list:
                WriteFacts(list);
                break;
            case Table table:
                WriteTable(table);
                break;
            case ItemList list:
                WriteItems(list);
                break;
            case Folded folded:
                page.Open("details").Element("summary", folded.Summary).Line();
                Write(folded.Blocks);
                page.Close();
                break;
            case Figure figure:
                WriteFigure(figure);
                break;
            default:
                throw new ArgumentException($"no HTML for {block.GetType().Name}", nameof(block));
        }
    }

    private void WriteFacts(FactList list)
    {
        page.Open("dl", ("class", list.IsKey ? "key" : "facts")).Line();
        foreach (var fact in list.Facts)
        {
            page.Open("div").Element("dt", fact.Name).Open("dd", ("class", Class(fact.Value.Tone)));
            Write(fact.Value);
            page.Close().Close().Line();
        }
        page.Close();
    }

    private void WriteItems(ItemList list)
    {
        page.Open("ul").Line();
        foreach (var item in list.Items)
        {
            page.Open("li", ("class", Class(item.Tone)));
            Write(item);
            page.Close().Line();
        }
        page.Close();
    }

    // On a narrow screen rows are laid out as cards, which takes the table's meaning from it in some browsers: the roles give it back.
    private void WriteTable(Table table)
    {
        var caption = $"table-{++_ids}";
        page.Open("div", ("class", "scroll"), ("role", "region"), ("aria-labelledby", caption), ("tabindex", "0"));
        page.Open("table", ("role", "table")).Element("caption", table.Caption, ("id", caption)).Line();
        page.Open("thead", ("role", "rowgroup")).Open("tr", ("role", "row"));
        foreach (var column in table.Columns)
            page.Element("th", column.Title, ("scope", "col"), ("role", "columnheader"), ("class", column.IsNumber ? "number" : null));
        page.Close().Close().Line().Open("tbody", ("role", "rowgroup")).Line();
        foreach (var row in table.Rows)
        {
            page.Open("tr", ("role", "row"));
            for (var index = 0; index < table.Columns.Count; index++)
                WriteCell(table.Columns[index], row[index], isHeader: index == 0);
            page.Close().Line();
        }
        page.Close().Close().Close();
    }

    private void WriteCell(Column column, Cell cell, bool isHeader)
    {
        var names = $"{(column.IsNumber ? "number " : "")}{Class(cell.Tone)}".Trim();
        page.Open(isHeader ? "th" : "td", ("scope", isHeader ? "row" : null), ("role", isHeader ? "rowheader" : "cell"),
            ("class", names.Length == 0 ? null : names), ("data-label", column.Title));
        Write(cell);
        page.Close();
    }

    private void WriteFigure(Figure figure)
    {
        var id = $"figure-{++_ids}";
        page.Open("figure").Element("figcaption", figure.Title).Line();
        page.Open("svg", ("role", "img"), ("aria-labelledby", $"{id}-title {id}-text"), ("width", "100%"), ("height", HtmlBuilder.Number(figure.Height)), ("focusable", "false"));
        page.Element("title", figure.Title, ("id", $"{id}-title")).Element("desc", figure.Description, ("id", $"{id}-text")).Line();
        page.Add(figure.Drawing).Close().Line();
        page.Open("details").Element("summary", "In words").Element("p", figure.Description).Close();
        page.Close();
    }

    private void Write(Cell cell)
    {
        if (Mark(cell.Tone) is { } mark)
            page.Element("span", mark, ("class", "mark"), ("aria-hidden", "true"));
        foreach (var span in cell.Spans)
        {
            if (span.Kind == SpanKind.Code)
                page.Element("code", span.Text);
            else if (span is { Kind: SpanKind.Link, Target: { } target })
                page.Element("a", span.Text, ("href", target), ("rel", "noreferrer noopener"));
            else
                page.Text(span.Text);
        }
    }

    private static string? Class(Tone tone) => tone == Tone.Plain ? null : tone.ToString().ToLowerInvariant();

    private static string? Mark(Tone tone) => tone switch
    {
        Tone.Good => "\u2713\u00a0",
        Tone.Caution => "!\u00a0",
        Tone.Bad => "\u2717\u00a0",
        _ => null,
    };
}
