using Xunit.v3;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Says of which gate a test shows that it refuses: <see cref="CoverageTests"/> wants every gate among those of the default tier.</summary>
/// <param name="gate">The gate's name.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RefusesAttribute(string gate) : Attribute, ITraitAttribute
{
    /// <summary>The trait's name.</summary>
    public const string Trait = "refuses";

    /// <summary>The gate's name.</summary>
    public string Gate { get; } = gate;

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new(Trait, Gate)];
}
