using System.Globalization;
using System.Text;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>Text of which parts aren't known: each such part is one mark.</summary>
internal static class Holes
{
    /// <summary>Stands for a part that isn't known (a private-use character).</summary>
    internal const char Mark = '\uE000';

    internal const string Text = "\uE000";

    internal static bool In(string text)
    {
        Effort.Spend(text.Length >> 8);
        return text.Contains(Mark);
    }

    /// <summary>
    /// The text with a different made-up name for each mark, so that an object named by an unknown part never equals another one.
    /// </summary>
    internal static string Named(string text, ref int count)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (c == Mark)
                result.Append("unknown_").Append((++count).ToString(CultureInfo.InvariantCulture));
            else
                result.Append(c);
        }

        return result.ToString();
    }
}
