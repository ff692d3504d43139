using System.Text;

namespace Runback.Engine.Binding;

/// <summary>One name in its spellings: <c>DryRun</c>, <c>--dry-run</c>, <c>DRY_RUN</c>.</summary>
internal static class Naming
{
    /// <summary>The spelling that all others compare by: lower case, no dashes.</summary>
    public static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary><c>BaseUrl</c> and <c>BaseURL</c> as <c>base-url</c>.</summary>
    public static string Kebab(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = char.IsUpper(name[i]) && i > 0
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord && text[^1] != '-')
                text.Append('-');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    /// <summary><c>BaseUrl</c> as <c>BASE_URL</c>.</summary>
    public static string UpperSnake(string name) => Kebab(name).Replace('-', '_').ToUpperInvariant();
}
