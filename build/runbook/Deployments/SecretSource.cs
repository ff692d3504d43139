using System.Text;
using System.Text.Json.Nodes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Deployments;

/// <summary>Where a secret of a Compose project comes from. Source: Compose Specification, "Secrets top-level element".</summary>
/// <param name="File">The file that holds it, or null.</param>
/// <param name="Variable">The variable that holds it, or null.</param>
/// <param name="Content">Its content, where the file itself names it, or null.</param>
internal sealed record SecretSource(string? File, string? Variable, string? Content)
{
    // Secrets are keys and passwords; of what is longer the beginning is known.
    private const int Longest = 64 << 10;

    /// <summary>Reads the element; what isn't understood is passed over, Compose has judged it.</summary>
    public static IReadOnlyList<SecretSource> From(JsonNode? secrets) =>
        [.. (secrets as JsonObject)?.Select(secret => secret.Value).OfType<JsonObject>().Select(secret => new SecretSource(Text(secret["file"]), Text(secret["environment"]), Text(secret["content"]))) ?? []];

    /// <summary>The secrets' texts, as far as they can be read here.</summary>
    /// <param name="sources">Where they come from.</param>
    /// <param name="variables">The env file's variables; those of this process win, as they do for Compose.</param>
    public static IEnumerable<string> Read(IEnumerable<SecretSource> sources, IReadOnlyDictionary<string, string> variables)
    {
        foreach (var source in sources)
        {
            var variable = source.Variable is { } name ? Environment.GetEnvironmentVariable(name) ?? variables.GetValueOrDefault(name) : null;
            foreach (var text in new[] { source.Content, variable, source.File is { } file ? TryRead(file) : null }.OfType<string>())
                yield return text.TrimEnd('\r', '\n');
        }
    }

    private static string? TryRead(string path)
    {
        try
        {
            if (!RegularFile.Is(path))
                return null;
            using var file = System.IO.File.OpenRead(path);
            var buffer = new byte[Longest];
            return Encoding.UTF8.GetString(buffer, 0, file.ReadAtLeast(buffer, Longest, throwOnEndOfStream: false));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text.Replace("$$", "$", StringComparison.Ordinal) : null;
}
