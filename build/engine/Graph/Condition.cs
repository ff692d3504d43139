namespace Runback.Engine.Graph;

/// <summary>A condition of a target, and its source text for people.</summary>
internal sealed record Condition(string Text, Func<bool> Holds)
{
    /// <summary>Makes one from the caller's source text: <c>() =&gt; DryRun</c> reads as <c>DryRun</c>.</summary>
    public static Condition Of(Func<bool> holds, string? expression)
    {
        var text = string.Join(' ', (expression ?? "condition").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (text.StartsWith("() =>", StringComparison.Ordinal))
            text = text[5..].TrimStart();
        return new Condition(text, holds);
    }
}
