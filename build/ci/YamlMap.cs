namespace Runback.Ci;

/// <summary>Keys with their values, in order; a null value leaves its key out.</summary>
internal sealed class YamlMap : OrderedDictionary<object, object>
{
    /// <summary>A map of these.</summary>
    public YamlMap(params IEnumerable<(object Key, object? Value)> entries)
    {
        foreach (var (key, value) in entries)
        {
            if (value is not null)
                Add(key, value);
        }
    }
}
