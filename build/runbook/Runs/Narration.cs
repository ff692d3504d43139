using System.Text.RegularExpressions;

namespace Runback.Runbook.Runs;

/// <summary>What a person reads while a run goes on: plain lines, in the order in which things happen.</summary>
/// <param name="writer">Where the lines go.</param>
/// <param name="secrets">What is masked in them.</param>
public sealed partial class Narration(TextWriter writer, Secrets secrets)
{
    private readonly Lock _lock = new();

    /// <summary>A narration that nobody reads.</summary>
    public static Narration Silent { get; } = new(TextWriter.Null, new Secrets());

    /// <summary>Called with every line, masked, beside the writer: the run's transcript.</summary>
    public Action<string>? Copy { get; set; }

    /// <summary>Hides values from now on, in these lines and in all else that the same secrets are masked in.</summary>
    public void Hide(IEnumerable<string> values) => secrets.Add(values);

    /// <summary>Says a line.</summary>
    public void Say(string line)
    {
        var masked = Inert(Printable(secrets.Mask(line)));
        lock (_lock)
        {
            writer.WriteLine(masked);
            writer.Flush();
            Copy?.Invoke(masked);
        }
    }

    /// <summary>Says that a change is made, as the line that a person could paste: further lines stand at the margin, where a here-document must end.</summary>
    public void Change(string pasteable) => Say("  $ " + pasteable);

    /// <summary>Says a warning, with what to do about it.</summary>
    public void Warn(string line, string? hint = null) => Say("! " + line + (hint is null ? "" : $"\n  hint: {hint}"));

    /// <summary>
    /// The text without control characters but tabs and line ends, and without those that turn the direction of writing (Unicode Standard
    /// Annex 9): what other programs said must not steer the operator's terminal.
    /// </summary>
    public static string Printable(string text) =>
        text.Any(IsUnprintable) ? string.Concat(text.Select(c => IsUnprintable(c) ? '\u00b7' : c)) : text;

    /// <summary>
    /// The text without what CI runners take for commands: <c>::name</c> where a line begins, <c>::name …::</c> and <c>##[name]</c> anywhere, since not every runner looks at
    /// the beginning only. What other programs said must not steer a CI job.
    /// </summary>
    public static string Inert(string text) => text.Contains("::", StringComparison.Ordinal) || text.Contains("##[", StringComparison.Ordinal)
        ? Command().Replace(text.Replace("##[", "#\u00b7#[", StringComparison.Ordinal), "\u00b7") : text;

    [GeneratedRegex(@"(?m)(?<=^\s*)(?=::[A-Za-z])|(?<!\w)(?=::[A-Za-z][\w-]*(?:[ \t][^\n]*)?::)")]
    private static partial Regex Command();

    private static bool IsUnprintable(char c) =>
        (char.IsControl(c) && c is not ('\n' or '\t')) || c is '\u200e' or '\u200f' or '\u061c' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
