using Runback.Runbook.Runs;

namespace Runback.Runbook.Releases;

/// <summary>What an operator asked for as the release to go back to: one tag, or the word <c>previous</c>.</summary>
/// <param name="Tag">The tag, or null for <c>previous</c>: the last release that verified good, by <see cref="LedgerHistory.Previous(RunningRelease)"/>.</param>
public sealed record TagRequest(Tag? Tag)
{
    /// <summary>The word that means the last release that verified good.</summary>
    public const string PreviousWord = "previous";

    /// <summary>Whether the last release that verified good was asked for.</summary>
    public bool IsPrevious => Tag is null;

    /// <summary>
    /// Reads what stands after <c>--tag</c>. Refused are an empty text, what isn't a tag, a reference with its image (of this image or of
    /// another one), a digest, and words that move (<see cref="Tag.Moves"/>): they name no release.
    /// </summary>
    /// <param name="text">The text as given; null when there was none.</param>
    /// <param name="image">The deployment's image.</param>
    /// <exception cref="RunbookException">The text can't be used; the outcome is <see cref="Outcome.Usage"/>.</exception>
    public static TagRequest Parse(string? text, ImageReference image)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw RunbookException.Usage(
                "expected the tag of the release to go back to, found nothing",
                "give --tag 2025-12-15-rc1, or --tag previous for the last release that verified good; the Releases target lists them");
        }
        if (text == PreviousWord)
            return new TagRequest((Tag?)null);
        if (string.Equals(text, PreviousWord, StringComparison.OrdinalIgnoreCase))
            throw RunbookException.Usage($"expected a tag or the word previous, found {Untrusted.Quote(text)}", "write --tag previous in lower case");
        if (text.AsSpan().ContainsAny('/', ':', '@'))
            throw NotATagAlone(text, image);
        var tag = Tag.Parse(text);
        return tag.Moves
            ? throw RunbookException.Usage(
                $"expected a tag that names one release, found '{tag}', which points at another image with every build",
                "give the tag of the release itself, as the Releases target lists it, or --tag previous")
            : new TagRequest(tag);
    }

    private static RunbookException NotATagAlone(string text, ImageReference image)
    {
        if (!ImageReference.TryParse(text, out var reference))
            return RunbookException.Usage($"expected a tag alone, found {Untrusted.Quote(text)}", "give only what stands after the image's last ':'");
        if (reference.Name != image.Name)
        {
            return RunbookException.Usage(
                $"expected a tag of {image.Name}, found a reference to another image: {Untrusted.Quote(text)}",
                "give a tag of this deployment's image, as the Releases target lists it; another image needs another profile");
        }
        return RunbookException.Usage(
            $"expected a tag alone, found {Untrusted.Quote(text)}",
            reference.Tag is { } tag ? $"give --tag {tag}" : "give the release's tag, as the Releases target lists it");
    }
}
