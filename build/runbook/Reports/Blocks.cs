namespace Runback.Runbook.Reports;

/// <summary>A piece of a report, the same for every form that it is written in.</summary>
public abstract record Block;

/// <summary>A sentence or several.</summary>
/// <param name="Content">What it says.</param>
public sealed record Paragraph(Cell Content) : Block;

/// <summary>Names with their values.</summary>
/// <param name="Facts">The facts, in order.</param>
/// <param name="IsKey">Whether these are what a reader looks for first.</param>
public sealed record FactList(IReadOnlyList<Fact> Facts, bool IsKey = false) : Block;

/// <summary>A name with its value.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value.</param>
public sealed record Fact(string Name, Cell Value);

/// <summary>A table.</summary>
/// <param name="Caption">What it lists.</param>
/// <param name="Columns">Its columns; the first one names the row.</param>
/// <param name="Rows">Its rows, a cell for each column.</param>
public sealed record Table(string Caption, IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows) : Block;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its header.</param>
/// <param name="IsNumber">Whether its cells are numbers, which stand to the right.</param>
public sealed record Column(string Title, bool IsNumber = false)
{
    /// <summary>A column of texts.</summary>
    public static implicit operator Column(string title) => new(title);
}

/// <summary>A list.</summary>
/// <param name="Items">Its items.</param>
public sealed record ItemList(IReadOnlyList<Cell> Items) : Block;

/// <summary>What only those want to see who look for it: closed until it is opened, and left out of tickets.</summary>
/// <param name="Summary">What is in it.</param>
/// <param name="Blocks">What it holds.</param>
public sealed record Folded(string Summary, IReadOnlyList<Block> Blocks) : Block;

/// <summary>A drawing, with the same said in words; left out of tickets.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Description">What can be seen in it, for those who can't see it.</param>
/// <param name="Drawing">The drawing: an <c>svg</c> element's content.</param>
/// <param name="Height">Its height in pixels; its width is the page's.</param>
public sealed record Figure(string Title, string Description, Html.Markup Drawing, int Height) : Block;
