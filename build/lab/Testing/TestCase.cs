using System.Text.Json.Nodes;

namespace Runback.Lab.Testing;

/// <summary>One test, or one row of a theory.</summary>
/// <param name="Project">The project that holds it.</param>
/// <param name="Id">How the runner calls it.</param>
/// <param name="Name">How people call it.</param>
/// <param name="Tier">The first tier that runs it.</param>
public sealed record TestCase(string Project, string Id, string Name, TestTier Tier)
{
    private const string Trait = "tier";

    /// <summary>Whether its name, which begins with its class but for rows of the matrix, holds a part.</summary>
    /// <param name="part">The part, in any case; null fits all.</param>
    public bool Fits(string? part) => part is null || Name.Contains(part, StringComparison.OrdinalIgnoreCase) || Class.Contains(part, StringComparison.OrdinalIgnoreCase);

    /// <summary>The class that declares it, with its namespace.</summary>
    public string Class { get; init; } = "";

    /// <summary>Reads what the runner lists with <c>-list full/json</c>; a test without a tier is one of the last.</summary>
    /// <param name="project">The project.</param>
    /// <param name="listed">The runner's output.</param>
    public static IReadOnlyList<TestCase> ReadAll(string project, string listed) =>
        [.. JsonNode.Parse(listed[Math.Max(0, listed.IndexOf('[', StringComparison.Ordinal))..])!.AsArray().Select(test => new TestCase(
            project, test!["ID"]!.ToString(), test["DisplayName"]!.ToString(),
            Enum.TryParse<TestTier>(test["Traits"]?[Trait]?[0]?.ToString(), ignoreCase: true, out var tier) ? tier : TestTier.Thorough) { Class = test["Class"]?.ToString() ?? "" })];
}
