namespace Runback.Runbook.Reports;

/// <summary>How something is to be taken. It is always said in words as well.</summary>
public enum Tone
{
    /// <summary>As it is.</summary>
    Plain,

    /// <summary>Good.</summary>
    Good,

    /// <summary>To be looked at.</summary>
    Caution,

    /// <summary>Bad.</summary>
    Bad,

    /// <summary>Of less weight.</summary>
    Quiet,
}

/// <summary>How a part of a text is set.</summary>
public enum SpanKind
{
    /// <summary>As text.</summary>
    Text,

    /// <summary>As a command, a file or an identifier.</summary>
    Code,

    /// <summary>As a link to the https address, or the file beside the report, that it names.</summary>
    Link,
}

/// <summary>A part of a text.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Kind">How it is set.</param>
/// <param name="Target">Where a link leads.</param>
public sealed record Span(string Text, SpanKind Kind = SpanKind.Text, string? Target = null);

/// <summary>A text with its tone: a sentence, or a cell of a table.</summary>
/// <param name="Spans">Its parts.</param>
/// <param name="Tone">Its tone.</param>
public sealed record Cell(IReadOnlyList<Span> Spans, Tone Tone = Tone.Plain)
{
    /// <summary>A plain text.</summary>
    public static implicit operator Cell(string? text) => new([new Span(text ?? "")]);

    /// <summary>A text with a tone.</summary>
    public static Cell Of(Tone tone, string text) => new([new Span(text)], tone);

    /// <summary>A command, a file or an identifier.</summary>
    public static Cell Code(string text, Tone tone = Tone.Plain) => new([new Span(text, SpanKind.Code)], tone);

    /// <summary>A sentence in which `…` sets code, as hints and kept things are written.</summary>
    public static Cell Ticked(string? text, Tone tone = Tone.Plain)
    {
        var parts = (text ?? "").Split('`');
        // An odd tick opens nothing: then the text is shown as it is.
        return parts.Length % 2 == 0 ? Of(tone, text!)
            : new([.. parts.Select((part, index) => new Span(part, index % 2 == 0 ? SpanKind.Text : SpanKind.Code)).Where(span => span.Text.Length > 0)], tone);
    }

    /// <summary>A link to an address where that is an absolute one of http or https, else the text alone.</summary>
    public static Cell Linked(string text)
    {
        var isLink = Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
        return new([isLink ? new Span(text, SpanKind.Link, address!.AbsoluteUri) : new Span(text)]);
    }
}
