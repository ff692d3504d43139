namespace Runback.Runbook.Migrations.Alembic;

/// <summary>Methods of strings, over text that may have holes.</summary>
internal static class StringMethods
{
    internal static Value Call(string text, string method, CallArguments arguments)
    {
        var first = arguments.At(0);
        var known = !Holes.In(text);
        switch (method)
        {
            case "format":
                return TextFormat.Format(text, arguments.Positional, arguments.NamedMapping(), arguments.Incomplete);
            case "format_map" when first is Mapping map:
                return TextFormat.Format(text, [], map, map.Uncertain);
            case "join" when first is not null:
                return Join(text, first);
            case "upper":
                return Values.Text(text.ToUpperInvariant());
            case "lower" or "casefold":
                return Values.Text(text.ToLowerInvariant());
            case "strip" when arguments.Positional.Count == 0:
                return Values.Text(text.Trim());
            case "lstrip" when arguments.Positional.Count == 0:
                return Values.Text(text.TrimStart());
            case "rstrip" when arguments.Positional.Count == 0:
                return Values.Text(text.TrimEnd());
            case "strip" when Values.AsText(first) is { } characters && known:
                return Values.Text(text.Trim(characters.ToCharArray()));
            case "lstrip" when Values.AsText(first) is { } characters && known:
                return Values.Text(text.TrimStart(characters.ToCharArray()));
            case "rstrip" when Values.AsText(first) is { } characters && known:
                return Values.Text(text.TrimEnd(characters.ToCharArray()));
            case "replace" when Values.AsText(first) is { Length: > 0 } old && arguments.At(1) is { } by && arguments.At(2) is null:
                return Replaced(text, old, TextFormat.Str(by));
            case "startswith" when !known && Values.AsText(first) is { } start && arguments.At(1) is null && text.IndexOf(Holes.Mark, StringComparison.Ordinal) is var mark
                && (mark >= start.Length || !text.AsSpan(0, mark).StartsWith(start.AsSpan(0, Math.Min(mark, start.Length)), StringComparison.Ordinal)):
                return Constant.Of(text.StartsWith(start, StringComparison.Ordinal));
            case "startswith" when known && Values.AsText(first) is { } beginning && arguments.At(1) is null:
                return Constant.Of(text.StartsWith(beginning, StringComparison.Ordinal));
            case "endswith" when known && Values.AsText(first) is { } end && arguments.At(1) is null:
                return Constant.Of(text.EndsWith(end, StringComparison.Ordinal));
            case "removeprefix" when known && Values.AsText(first) is { } prefix:
                return Values.Text(text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text);
            case "removesuffix" when known && Values.AsText(first) is { } suffix:
                return Values.Text(text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text);
            case "split" when Paid(text) && known && (first is null || Values.AsText(first) is { Length: > 0 }) && arguments.At(1) is null:
                return Strings(first is null
                    ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                    : text.Split(Values.AsText(first)!));
            case "splitlines" when Paid(text) && known && first is null:
                return Strings(text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'));
            case "title" or "capitalize" or "encode" or "decode" or "zfill" or "center" or "ljust" or "rjust" or "translate" or "expandtabs" or "swapcase":
                return Opaque.Value;
            default:
                return Opaque.Value;
        }
    }

    // Every part may become a text of its own.
    private static bool Paid(string text)
    {
        Effort.Spend(2L * text.Length);
        return true;
    }

    private static Constant Replaced(string text, string old, string by)
    {
        Effort.Spend(text.Length >> 3);
        var length = text.Length + text.AsSpan().Count(old) * ((long)by.Length - old.Length);
        return Values.Text(Values.IsKept(length) ? text.Replace(old, by, StringComparison.Ordinal) : Holes.Text);
    }

    private static Sequence Strings(string[] parts) => new([.. parts.Select(Values.Text)], SequenceKind.List);

    private static Constant Join(string separator, Value items)
    {
        if (items is not Sequence { Uncertain: false } list)
            return Values.Text(Holes.Text);
        return Values.Text(string.Join(separator, list.Items.Select(item => item is Constant { Value: string text } ? text : TextFormat.Str(item)).Select(TextFormat.Paid)));
    }
}
