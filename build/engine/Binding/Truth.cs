namespace Runback.Engine.Binding;

/// <summary>The words that people and programs write for true and false.</summary>
internal static class Truth
{
    /// <summary>As errors name them.</summary>
    public const string Words = "true, false, 1, 0, yes, no";

    /// <summary>What a word says, in any case; null where it says neither.</summary>
    public static bool? Of(string word) => word.Trim().ToLowerInvariant() switch
    {
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" => false,
        _ => null,
    };
}
