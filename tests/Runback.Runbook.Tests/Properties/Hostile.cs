using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Runback.Runbook.Tests.Properties;

/// <summary>Input as somebody writes it who means harm, and as a crash, a proxy or another version leaves it.</summary>
internal static class Hostile
{
    private static readonly string[] Pieces =
    [
        "", " ", "\t", "\n", "\r\n", "\r", "\0", "\u001b[31m", "\u001b]0;title\u0007", "\u009b2J", "\u202e", "\u2028", "\ufeff", "\ud800", "\udc00", "\U0001F600", "\u0663", "\u00e9",
        "'", "\"", "`", "\\", "$", "$(id)", "%s", "%00", "--", "-", "-rf", "--help", ";", "|", "&", "<", ">", "(", ")", "[", "]", "{", "}", "=", ":", "::", "//", "/", "../", "@", "#", "*", "?", "!", "~", ",", ".",
        "0", "1", "-1", "9", "00", "1e999", "99999999999999999999", "NaN", "null", "true", "x", "A", "latest", "sha256:", "http://", "https://[", "T", "Z", "2026-01-01T00:00:00Z", "0000-00-00", "EOF", "::error::",
    ];

    /// <summary>Any text, made of what matters to some parser.</summary>
    public static Gen<string> Text { get; } = Gen.OneOf(Gen.Elements(Pieces), Gen.Choose(0, 0xffff).Select(code => $"{(char)code}")).ListOf().Select(string.Concat);

    /// <summary>A text that isn't empty.</summary>
    public static Gen<string> Word { get; } = Text.Where(text => text.Length > 0);

    /// <summary>JSON of any shape: names twice, halves of surrogate pairs, numbers beyond every type.</summary>
    public static Gen<string> Json { get; } = Gen.Sized(size => Value(Math.Min(size / 10, 4)));

    /// <summary>A text in which pieces were left out, put in, doubled or moved.</summary>
    public static Gen<string> Mutated(string valid) => Gen.ListOf(
        from at in Gen.Choose(0, Math.Max(0, valid.Length)) from length in Gen.Choose(0, 12) from kind in Gen.Choose(0, 4) from piece in Gen.Elements(Pieces) select (at, length, kind, piece))
        .Select(edits => edits.Take(6).Aggregate(valid, (text, edit) => Edit(text, edit.at, edit.length, edit.kind, edit.piece)));

    /// <summary>Texts of half a megabyte that a reader with two loops too many takes minutes for.</summary>
    public static IEnumerable<string> Megabytes(IEnumerable<string> more) =>
        ((string[])["a", "\n x", "\"", "\\", "[", "a=", "0", .. more]).Select(piece => new StringBuilder().Insert(0, piece, (1 << 19) / piece.Length).ToString());

    private static string Edit(string text, int at, int length, int kind, string piece)
    {
        at = Math.Min(at, text.Length);
        length = Math.Min(length, text.Length - at);
        return kind switch
        {
            0 => text[..at],
            1 => text.Remove(at, length),
            2 => text.Insert(at, piece),
            3 => text.Insert(at, text[at..(at + length)]),
            _ => text.Remove(at, length).Insert(at, piece),
        };
    }

    private static Gen<string> Value(int depth)
    {
        var leaf = Gen.Elements("null", "true", "0", "-1", "1.5", "1e999", "99999999999999999999", "\"\"", "\"\\ud800\"", "\"\\u0000\\u001b[2J\"", "\"2026-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"-rf\"", "\"8000-9\"", "\"x\"");
        if (depth == 0)
            return leaf;
        var name = Gen.Elements("a", "a", "name", "services", "checks", "event", "tag", "at", "version", "errors", "\\ud800", "Id", "ok", "detail", "expose", "environment", "tags", "level", "message", "run", "digests");
        var members = Gen.Choose(0, 4).SelectMany(count => Gen.ListOf(from key in name from value in Value(depth - 1) select $"\"{key}\":{value}", count));
        var items = Gen.Choose(0, 4).SelectMany(count => Gen.ListOf(Value(depth - 1), count));
        return Gen.OneOf(leaf, members.Select(all => $"{{{string.Join(',', all)}}}"), items.Select(all => $"[{string.Join(',', all)}]"));
    }
}
