using System.Globalization;
using FsCheck;

namespace Runback.Tests.Tiers;

/// <summary>How properties are tried: from a seed that is the same in every run, unless <c>RUNBACK_SEED</c> gives another one.</summary>
public static class Seeded
{
    private const ulong Fixed = 20_251_215;

    // SplitMix wants an odd one; this is its usual.
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>Throws at the first case that doesn't hold; says nothing otherwise.</summary>
    public static Config Config { get; } = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithReplay(
        ulong.TryParse(Environment.GetEnvironmentVariable("RUNBACK_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Fixed, Gamma);
}
