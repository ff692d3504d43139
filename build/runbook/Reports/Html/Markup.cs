namespace Runback.Runbook.Reports.Html;

/// <summary>Text that is HTML already: only <see cref="HtmlBuilder"/> makes it, and it escapes what it is given.</summary>
public readonly record struct Markup
{
    private readonly string? _text;

    internal Markup(string text) => _text = text;

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";
}
