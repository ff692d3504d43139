using System.Text.Json;
using System.Text.Json.Serialization;

namespace Runback.Lab.Testing;

/// <summary>How long each test took when it ran last in this checkout, and each tier.</summary>
/// <param name="file">Where that is kept.</param>
public sealed class TestDurations(string file)
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true };
    private readonly Kept _kept = Read(file);

    /// <summary>The seconds that a test took; null when it never ran here.</summary>
    public double? Of(TestCase test) => _kept.Tests.TryGetValue(test.Name, out var seconds) ? seconds : null;

    /// <summary>The seconds that a whole tier took, building not counted; null when it never ran here.</summary>
    public double? Of(TestTier tier) => _kept.Tiers.TryGetValue(tier, out var seconds) ? seconds : null;

    /// <summary>Remembers what tests took.</summary>
    /// <param name="seconds">Seconds by name.</param>
    public void Note(IEnumerable<KeyValuePair<string, double>> seconds)
    {
        foreach (var (name, took) in seconds)
            _kept.Tests[name] = Math.Round(took, 2);
        Write();
    }

    /// <summary>Remembers what a whole tier took.</summary>
    public void Note(TestTier tier, double seconds)
    {
        _kept.Tiers[tier] = Math.Round(seconds);
        Write();
    }

    private void Write() => File.WriteAllText(file, JsonSerializer.Serialize(_kept, Options));

    // A file that can't be read is as good as none: only durations are in it.
    private static Kept Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<Kept>(File.ReadAllText(file)) ?? new Kept() : new Kept();
        }
        catch (JsonException)
        {
            return new Kept();
        }
    }

    private sealed class Kept
    {
        [JsonInclude]
        public Dictionary<string, double> Tests { get; private set; } = [];

        [JsonInclude]
        public Dictionary<TestTier, double> Tiers { get; private set; } = [];
    }
}
