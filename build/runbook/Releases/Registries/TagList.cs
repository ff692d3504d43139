using System.Text.Json;
using System.Text.RegularExpressions;

namespace Runback.Runbook.Releases.Registries;

/// <summary>Reads the pages of a repository's tags (OCI distribution specification, "Listing Tags").</summary>
internal static partial class TagList
{
    /// <summary>The tags of one page.</summary>
    /// <exception cref="RegistryException">The answer has another shape, or a name in it is no tag.</exception>
    public static IReadOnlyList<string> Read(RegistryAnswer answer)
    {
        using var document = answer.Json("a list of tags");
        // A repository whose tags were all deleted answers null in some registries.
        if (document.RootElement.Member("tags") is not { ValueKind: JsonValueKind.Array or JsonValueKind.Null } tags)
            throw RegistryException.BadAnswer("a list of tags", "JSON of another shape", answer.Address);
        List<string> names = [];
        foreach (var item in JsonReading.Items(tags))
        {
            if (!Tag.TryParse(item.Text(), out var tag))
                throw RegistryException.BadAnswer("a list of tags", $"a name that is no tag: {Untrusted.Quote(item.Text() ?? item.ValueKind.ToString())}", answer.Address);
            names.Add(tag.Value);
        }
        return names;
    }

    /// <summary>The next page's address by the <c>Link</c> header (RFC 8288), or null on the last page.</summary>
    /// <exception cref="RegistryException">The link leads to another server.</exception>
    public static Uri? Next(RegistryAnswer answer, Uri origin)
    {
        var target = answer.Headers["Link"].SelectMany(header => Link().Matches(header)).FirstOrDefault(link => IsNext(link.Groups["parameters"].Value))?.Groups["target"].Value;
        if (target is null)
            return null;
        if (!Uri.TryCreate(answer.Address, target, out var next) || !RegistryRequest.IsSameServer(next, origin))
            throw RegistryException.BadAnswer("a next page on the same server", $"a link to {Untrusted.Quote(target)}", answer.Address);
        return next;
    }

    private static bool IsNext(string parameters) => Relation().Match(parameters) is { Success: true } relation
        && relation.Groups["value"].Value.Split(' ').Contains("next", StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("""<(?<target>[^<>]*)>(?<parameters>(?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"[^"]*"|[^\s";,]*))?)*)""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex("""\brel\s*=\s*(?:"(?<value>[^"]*)"|(?<value>[^\s";,]+))""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Relation();
}
