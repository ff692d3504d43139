using Xunit.v3;

namespace Runback.Tests.Tiers;

/// <summary>When a test is run. Each belongs to exactly one.</summary>
public enum Tier
{
    /// <summary>Needs no engine; <c>./build.sh Test --quick</c> runs no other.</summary>
    Quick,

    /// <summary>On the real stack, and what guards: targets, gates, bad input, each strategy, a kill at every change of an app-only rollback.</summary>
    Default,

    /// <summary>On demand: everything else.</summary>
    Thorough,
}

/// <summary>Says the tier of a test, of all tests of a class, or of an assembly's.</summary>
/// <param name="tier">The tier.</param>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method)]
public sealed class TierAttribute(Tier tier) : Attribute, ITraitAttribute
{
    /// <summary>The trait's name, by which <c>Test</c> selects.</summary>
    public const string Trait = "tier";

    /// <summary>The tier.</summary>
    public Tier Tier { get; } = tier;

    /// <summary>A tier as the trait's value.</summary>
    public static string Value(Tier tier) => tier.ToString().ToLowerInvariant();

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new(Trait, Value(Tier))];
}
