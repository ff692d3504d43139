using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Releases;

/// <summary>
/// A release's tag, by the grammar of the OCI distribution specification ("Pulling manifests":
/// <c>[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}</c>). A value of this type is safe in a path of a URL and in an env file.
/// </summary>
public sealed partial record Tag
{
    private static readonly HashSet<string> MovingWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "latest", "stable", "current", "edge", "nightly", "next", "canary", "head", "main", "master", "trunk", "dev", "develop", "development",
        "staging", "prod", "production", "release", "test", "testing", "beta", "alpha", "rc", "live",
    };

    private Tag(string value) => Value = value;

    /// <summary>The tag as written.</summary>
    public string Value { get; }

    /// <summary>
    /// Whether the tag is a word that registries and pipelines point at another image with every build (<c>latest</c>, <c>main</c>, ...),
    /// so that it names no release.
    /// </summary>
    public bool Moves => MovingWords.Contains(Value);

    /// <summary>Whether the text is a tag; gives it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Tag? tag)
    {
        tag = text is not null && Grammar().IsMatch(text) ? new Tag(text) : null;
        return tag is not null;
    }

    /// <summary>Reads a tag.</summary>
    /// <exception cref="RunbookException">The text is no tag; the outcome is <see cref="Outcome.Usage"/>.</exception>
    public static Tag Parse(string text) => TryParse(text, out var tag)
        ? tag
        : throw RunbookException.Usage(
            $"expected a tag (letters, digits, '_', '.', '-'; at most 128, and neither '.' nor '-' first), found {Untrusted.Quote(text)}",
            "give a tag as the Releases target lists it, for example 2025-12-15-rc1");

    /// <inheritdoc/>
    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
