using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Profiles;

/// <summary>A profile's file, <c>.nuke/parameters.&lt;name&gt;.json</c>: what would be in it, how that differs from what is, and writing it whole or not at all.</summary>
/// <param name="root">The folder with <c>.nuke</c>.</param>
/// <param name="name">The profile's name.</param>
public sealed class ProfileFile(string root, string name)
{
    private const string Schema = "$schema";

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Its path.</summary>
    public string FullPath { get; } = Path.Combine(root, ".nuke", $"parameters.{Named(name)}.json");

    /// <summary>It as people write it.</summary>
    public string Label => $".nuke/parameters.{name}.json";

    /// <summary>Whether it is there.</summary>
    public bool Exists => File.Exists(FullPath);

    /// <summary>What it holds now; null when it isn't there.</summary>
    /// <exception cref="RunbookException">It is no JSON object (outcome Usage).</exception>
    public JsonObject? Read()
    {
        try
        {
            return !Exists ? null : JsonNode.Parse(File.ReadAllText(FullPath), documentOptions: Lenient) as JsonObject ?? throw new JsonException("it is no object");
        }
        catch (JsonException exception)
        {
            throw RunbookException.Usage($"expected a JSON object in {Label}, found: {exception.Message}", "mend it, or give the proposal another name: --new-profile NAME");
        }
    }

    /// <summary>What it would hold: the proposal's keys, and whatever else is there already.</summary>
    public static JsonObject Merge(JsonObject? existing, ProfileProposal proposal)
    {
        var merged = new JsonObject { [Schema] = "build.schema.json" };
        foreach (var value in proposal.Values)
            merged[value.Key] = value.Value.DeepClone();
        // Keys are the same in any spelling, as the parameters are.
        foreach (var (key, value) in existing ?? [])
        {
            if (key != Schema && !proposal.Values.Any(one => Same(one.Key, key)))
                merged[key] = value?.DeepClone();
        }
        return merged;
    }

    /// <summary>What changes, a line each: gone values with a minus, new ones with a plus. Values that stay aren't shown.</summary>
    public static IReadOnlyList<string> Differences(JsonObject existing, JsonObject merged)
    {
        var lines = new List<string>();
        foreach (var (key, value) in merged)
        {
            var before = existing.FirstOrDefault(one => Same(one.Key, key));
            if (before.Key is not null && JsonNode.DeepEquals(before.Value, value))
                continue;
            if (before.Key is not null)
                lines.Add($"- {before.Key}: {Text(before.Value)}");
            lines.Add($"+ {key}: {Text(value)}");
        }
        return lines;
    }

    /// <summary>Writes it: a reader sees the old one or all of the new. An old one is kept beside it.</summary>
    /// <returns>The name of the file that keeps what was there; null when nothing was.</returns>
    public string? Write(JsonObject content)
    {
        string? kept = null;
        if (Exists)
        {
            kept = $"{FullPath}.{DateTime.UtcNow:yyyyMMddTHHmmssZ}.before";
            PrivateFiles.Replace(kept, File.ReadAllText(FullPath));
        }
        PrivateFiles.Replace(FullPath, content.ToJsonString(Options) + "\n",
            kept is null ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead : null);
        return kept;
    }

    /// <summary>A value in one line.</summary>
    public static string Text(JsonNode? value) => value?.ToJsonString(Compact) ?? "null";

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static bool Same(string left, string right) => Plain(left).Equals(Plain(right), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string key) => string.Concat(key.Where(char.IsAsciiLetterOrDigit));

    private static string Named(string name) => name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? name
        : throw RunbookException.Usage($"expected a profile's name of letters, digits, `_` and `-`, found `{Narration.Printable(name)}`", "give it with --new-profile");
}
