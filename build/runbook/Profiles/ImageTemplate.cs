using System.Text;

namespace Runback.Runbook.Profiles;

/// <summary>How an image says its tag.</summary>
public enum TagForm
{
    /// <summary>One variable, and nothing else: <c>shop/app:${TAG:-latest}</c>.</summary>
    Variable,

    /// <summary>A variable with something around it: <c>shop/app:v${VERSION}-slim</c>, or with a digest.</summary>
    Mixed,

    /// <summary>One variable holds name and tag: <c>${APP_IMAGE}</c>.</summary>
    Whole,

    /// <summary>A tag or digest that is written out: <c>shop/app:1.4</c>.</summary>
    Fixed,

    /// <summary>None at all: <c>shop/app</c>.</summary>
    None,
}

/// <summary>An image as a compose file writes it, variables and all. Source: Compose Specification, "Interpolation".</summary>
/// <param name="Text">The whole of it.</param>
/// <param name="Repository">What stands before the tag, as it is written.</param>
/// <param name="Form">How it says its tag.</param>
/// <param name="Variables">The variables of the tag, or of all of it where one holds name and tag.</param>
/// <param name="Tag">The tag as it is written, or null.</param>
/// <param name="Default">What the tag's only variable is by default, or null.</param>
public sealed record ImageTemplate(string Text, string Repository, TagForm Form, IReadOnlyList<string> Variables, string? Tag, string? Default)
{
    // Each variable is one character while the rest is taken apart: what it is by default may hold colons and slashes.
    private const char First = '\ue000';

    /// <summary>Takes an image apart.</summary>
    public static ImageTemplate Parse(string text)
    {
        var variables = new List<(string Text, string Name, string? Default)>();
        var plain = Plain(text, variables);
        var at = plain.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? plain : plain[..at];
        var colon = name.LastIndexOf(':');
        if (colon <= name.LastIndexOf('/'))
            colon = -1;
        string Written(string piece) => string.Concat(piece.Select(c => IsVariable(c) ? variables[c - First].Text : c.ToString()));
        var repository = Written(colon < 0 ? name : name[..colon]);
        var tag = colon < 0 ? at < 0 ? null : plain[at..] : plain[(colon + 1)..];
        if (tag is null)
        {
            return name.Length > 0 && IsVariable(name[^1])
                ? new ImageTemplate(text, repository, TagForm.Whole, [variables[name[^1] - First].Name], null, variables[name[^1] - First].Default)
                : new ImageTemplate(text, repository, TagForm.None, [], null, null);
        }
        var used = tag.Where(IsVariable).Select(c => variables[c - First]).ToList();
        var form = used.Count == 0 ? TagForm.Fixed : tag.Length == 1 ? TagForm.Variable : TagForm.Mixed;
        return new ImageTemplate(text, repository, form, [.. used.Select(one => one.Name)], Written(tag), form == TagForm.Variable ? used[0].Default : null);
    }

    private static bool IsVariable(char c) => c is >= First and < '\uf8ff';

    private static string Plain(string text, List<(string, string, string?)> variables)
    {
        var plain = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var length = text[at] == '$' ? Length(text, at) : 0;
            if (length == 0 || variables.Count >= 64)
            {
                plain.Append(text[at]);
                continue;
            }
            if (length == 2 && text[at + 1] == '$')
            {
                plain.Append('$');
            }
            else
            {
                var whole = text.Substring(at, length);
                var inside = whole.StartsWith("${", StringComparison.Ordinal) ? whole[2..^1] : whole[1..];
                var end = inside.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c == '_').Count();
                var rest = inside[end..].TrimStart(':');
                plain.Append((char)(First + variables.Count));
                variables.Add((whole, inside[..end], rest.StartsWith('-') && rest.Length > 1 ? rest[1..] : null));
            }
            at += length - 1;
        }
        return plain.ToString();
    }

    // How long what begins with the dollar sign is; 0 when it is one like any other character.
    private static int Length(string text, int at)
    {
        if (at + 1 >= text.Length)
            return 0;
        if (text[at + 1] == '$')
            return 2;
        if (text[at + 1] != '{')
        {
            var name = text.AsSpan(at + 1);
            var end = 0;
            while (end < name.Length && (char.IsAsciiLetterOrDigit(name[end]) || name[end] == '_'))
                end++;
            return end == 0 || char.IsAsciiDigit(name[0]) ? 0 : end + 1;
        }
        var depth = 0;
        for (var end = at + 1; end < text.Length; end++)
        {
            depth += text[end] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                return end - at + 1;
        }
        return 0;
    }
}
