using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Runback.Runbook.Verification;

/// <summary>
/// Something that a JSON text must hold: <c>$.a[0].b</c> must be there, <c>$.a=value</c> must be there and be that value. The path is the
/// part of RFC 9535 (JSONPath) that names one place: member names after dots, and numbers in brackets.
/// </summary>
/// <param name="Path">The path's steps: member names and element numbers.</param>
/// <param name="Value">The value as text, or null when anything will do.</param>
public sealed partial record JsonCondition(IReadOnlyList<object> Path, string? Value)
{
    /// <summary>Reads a condition; null when it isn't one.</summary>
    public static JsonCondition? TryParse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
            return null;
        var steps = match.Groups["step"].Captures
            .Select(step => step.Value[0] == '.' ? (object)step.Value[1..] : int.TryParse(step.Value[1..^1], out var index) ? index : null)
            .ToList();
        return steps.Contains(null) ? null : new JsonCondition([.. steps.OfType<object>()], match.Groups["value"] is { Success: true } value ? value.Value : null);
    }

    /// <summary>What a JSON text has instead; null when the condition holds.</summary>
    public string? Judge(JsonNode? root)
    {
        if (!TryFind(root, out var node))
            return $"there is no {Name}";
        var found = node?.ToString() ?? "null";
        return Value is null || Value == found
            ? null
            : $"{Name} is {(found.Length > 80 ? found[..80] + "…" : found)}";
    }

    /// <summary>What is at the path; null when nothing is.</summary>
    public JsonNode? Find(JsonNode? root) => TryFind(root, out var node) ? node : null;

    private bool TryFind(JsonNode? root, out JsonNode? node)
    {
        node = root;
        foreach (var step in Path)
        {
            var (there, next) = (node, step) switch
            {
                (JsonObject members, string name) => (members.TryGetPropertyValue(name, out var member), member),
                (JsonArray elements, int index) => (index < elements.Count, index < elements.Count ? elements[index] : null),
                _ => (false, null),
            };
            if (!there)
                return false;
            node = next;
        }
        return true;
    }

    /// <summary>The condition as it is written.</summary>
    public override string ToString() => Name + (Value is null ? "" : "=" + Value);

    private string Name => "$" + string.Concat(Path.Select(step => step is int index ? $"[{index}]" : $".{step}"));

    [GeneratedRegex(@"^\$(?<step>\.[^.\[\]=]+|\[\d+\])*(=(?<value>.*))?$")]
    private static partial Regex Form();
}
