using YamlDotNet.RepresentationModel;

namespace Runback.Runbook.Tests.Ci;

/// <summary>YAML as it is read.</summary>
internal static class YamlReading
{
    public static YamlMappingNode Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    /// <summary>The node at a path of keys and indexes.</summary>
    public static YamlNode At(this YamlNode node, params IEnumerable<object> path) =>
        path.Aggregate(node, (at, step) => step is int index ? at[index] : at[(string)step]);

    public static string Text(this YamlNode node, params IEnumerable<object> path) => ((YamlScalarNode)node.At(path)).Value!;

    public static string[] Texts(this YamlNode node, params IEnumerable<object> path) => [.. ((YamlSequenceNode)node.At(path)).Select(item => item.Text())];

    public static string[] Keys(this YamlNode node, params IEnumerable<object> path) => [.. ((YamlMappingNode)node.At(path)).Children.Keys.Select(key => key.Text())];

    public static bool Has(this YamlNode node, string key) => node is YamlMappingNode map && map.Children.ContainsKey(new YamlScalarNode(key));
}
