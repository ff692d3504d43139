using System.Text.RegularExpressions;

namespace Runback.Engine.Output;

/// <summary>Text of an exception, which may repeat what another program or a server said: it must steer neither a terminal nor a CI job.</summary>
internal static partial class InertText
{
    /// <summary>
    /// The text without control characters but tabs and line ends, without those that turn the direction of writing (Unicode Standard Annex 9), and without what
    /// CI runners take for commands: <c>::name</c> where a line begins, <c>::name …::</c> and <c>##[name]</c> anywhere.
    /// </summary>
    public static string Of(string text) => Command().Replace(string.Concat(text.Select(c => IsUnprintable(c) ? '\u00b7' : c)).Replace("##[", "#\u00b7#[", StringComparison.Ordinal), "\u00b7");

    private static bool IsUnprintable(char c) =>
        (char.IsControl(c) && c is not ('\n' or '\t')) || c is '\u200e' or '\u200f' or '\u061c' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    [GeneratedRegex(@"(?m)(?<=^\s*)(?=::[A-Za-z])|(?<!\w)(?=::[A-Za-z][\w-]*(?:[ \t][^\n]*)?::)")]
    private static partial Regex Command();
}
