using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Runback.Tests.Tiers;

/// <summary>Every test of this assembly belongs to exactly one tier, rows of a theory included.</summary>
[Tier(Tier.Quick)]
public sealed class TierTests
{
    [Fact]
    public async Task Each_test_belongs_to_exactly_one_tier()
    {
        var tests = await ListedAsync();

        Assert.True(tests.Count > 10, $"expected the tests of this assembly, found {tests.Count}");
        var tiers = Enum.GetValues<Tier>().Select(TierAttribute.Value).ToHashSet();
        Assert.Empty(tests.Where(test => Tiers(test) is not [var one] || !tiers.Contains(one)).Select(test => $"{test["DisplayName"]}: {string.Join(" and ", Tiers(test))}"));
    }

    private static IReadOnlyList<string> Tiers(JsonNode test) => [.. test["Traits"]?[TierAttribute.Trait]?.AsArray().Select(value => value!.ToString()).Distinct() ?? []];

    // As the runner itself sees them.
    private static async Task<IReadOnlyList<JsonNode>> ListedAsync()
    {
        using var runner = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["-list", "full/json", "-noLogo", "-noColor", "-preEnumerateTheories"]) { RedirectStandardOutput = true })!;
        var listed = await runner.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await runner.WaitForExitAsync(TestContext.Current.CancellationToken);
        return [.. JsonNode.Parse(listed[listed.IndexOf('[', StringComparison.Ordinal)..])!.AsArray().Select(test => test!)];
    }
}
