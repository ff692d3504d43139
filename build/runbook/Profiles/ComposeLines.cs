using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Runback.Runbook.Profiles;

/// <summary>
/// Finds the lines of compose files, so that a person can be told where to change something. What the files mean is Compose's to say: this looks for
/// places only, through anchors, merge keys and <c>extends</c>.
/// </summary>
internal static class ComposeLines
{
    private const int MostSteps = 8;

    /// <summary>Where a service's image stands, or its build section where it has no image; null when it isn't found.</summary>
    /// <param name="service">The service.</param>
    /// <param name="files">The compose files in Compose's order, with their texts.</param>
    /// <param name="read">Reads a further file, by its name in an <c>extends</c>; null when it can't be read.</param>
    public static SourceLine? OfImage(string service, IReadOnlyList<(string File, string Text)> files, Func<string, string?> read) =>
        Find(service, "image", files, read, MostSteps) ?? Find(service, "build", files, read, MostSteps);

    // The last file that says something is the one that counts.
    private static SourceLine? Find(string service, string key, IReadOnlyList<(string File, string Text)> files, Func<string, string?> read, int steps)
    {
        foreach (var (file, text) in files.Reverse())
        {
            if (Service(text, service) is not { } node)
                continue;
            if (Key(node, key, steps) is { } found)
                return new SourceLine(file, (int)found.Start.Line, Line(text, (int)found.Start.Line));
            if (steps > 0 && Extended(node) is { } other)
            {
                var elsewhere = other.File is null ? files : read(other.File) is { } more ? [(other.File, more)] : [];
                if (Find(other.Service, key, elsewhere, read, steps - 1) is { } line)
                    return line;
            }
        }
        return null;
    }

    private static YamlMappingNode? Service(string text, string service)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count > 0 && Child(stream.Documents[0].RootNode, "services") is { } services ? Child(services, service) as YamlMappingNode : null;
        }
        catch (YamlException)
        {
            // What Compose reads and this doesn't has no lines to tell.
            return null;
        }
    }

    // The key's own place, so that the line is found also where the value is an alias.
    private static YamlNode? Key(YamlMappingNode node, string key, int steps)
    {
        if (node.Children.Keys.FirstOrDefault(one => one is YamlScalarNode { Value: { } name } && name == key) is { } own)
            return own;
        if (steps == 0 || Child(node, "<<") is not { } merged)
            return null;
        return (merged is YamlSequenceNode several ? several.Children.AsEnumerable() : [merged]).OfType<YamlMappingNode>()
            .Select(one => Key(one, key, steps - 1)).FirstOrDefault(found => found is not null);
    }

    private static (string? File, string Service)? Extended(YamlMappingNode node) => Child(node, "extends") switch
    {
        YamlScalarNode { Value: { Length: > 0 } name } => (null, name),
        YamlMappingNode extends when Child(extends, "service") is YamlScalarNode { Value: { Length: > 0 } name } => ((Child(extends, "file") as YamlScalarNode)?.Value, name),
        _ => null,
    };

    private static YamlNode? Child(YamlNode node, string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static string Line(string text, int number) => text.ReplaceLineEndings("\n").Split('\n').ElementAtOrDefault(number - 1)?.Trim() ?? "";
}
