namespace Runback.Engine.Graph;

/// <summary>A condition of a target, and how people are told of it.</summary>
internal sealed record Condition(string Text, Func<bool> Holds)
{
    /// <summary>Several, as one sentence says them.</summary>
    public static string Words(IEnumerable<Condition> conditions) => string.Join(", and ", conditions.Select(x => x.Text));

    /// <summary>Makes one from the words that a target gives, or else from the caller's source text: <c>() =&gt; DryRun</c> reads as <c>DryRun</c>.</summary>
    public static Condition Of(Func<bool> holds, string? expression)
    {
        var text = string.Join(' ', (expression ?? "condition").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (text.StartsWith("() =>", StringComparison.Ordinal))
            text = text[5..].TrimStart();
        return new Condition(text, holds);
    }
}
