using System.Text;

namespace Runback.Runbook.Releases;

/// <summary>Text that came from outside, made fit for an error message: short, one line, printable ASCII.</summary>
internal static class Untrusted
{
    private const int MaximumLength = 80;

    /// <summary>The text in quotes; what isn't printable ASCII shows as a dot, and a long text is cut.</summary>
    public static string Quote(string text)
    {
        var shown = new StringBuilder("'");
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, MaximumLength)))
            shown.Append(c is >= ' ' and <= '~' ? c : '.');
        return shown.Append(text.Length > MaximumLength ? "...'" : "'").ToString();
    }
}
