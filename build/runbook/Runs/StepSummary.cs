using System.Text;

namespace Runback.Runbook.Runs;

/// <summary>The Markdown that GitHub shows for a step, in the file that <c>GITHUB_STEP_SUMMARY</c> names.</summary>
public static class StepSummary
{
    /// <summary>GitHub shows nothing at all of a step's summary that is larger, in bytes.</summary>
    public const int Limit = 1024 * 1024;

    private const string Rest = "\n\n*The rest is in `report.md` of the run's folder.*\n";

    /// <summary>Appends as much of a report as fits.</summary>
    /// <param name="file">The file.</param>
    /// <param name="markdown">The report.</param>
    public static void Append(string file, string markdown)
    {
        var taken = File.Exists(file) ? new FileInfo(file).Length : 0;
        File.AppendAllText(file, Fitting(markdown, Limit - taken));
    }

    /// <summary>The report, cut after a whole line where it has more than so many bytes, with a note then; empty where not even that fits.</summary>
    public static string Fitting(string markdown, long room)
    {
        var text = markdown.EndsWith('\n') ? markdown : markdown + "\n";
        if (Encoding.UTF8.GetByteCount(text) <= room)
            return text;
        const string fence = "```\n";
        var left = room - Rest.Length - fence.Length;
        var kept = new StringBuilder();
        var isOpen = false;
        foreach (var line in text.Split('\n'))
        {
            left -= Encoding.UTF8.GetByteCount(line) + 1;
            if (left < 0)
                break;
            kept.Append(line).Append('\n');
            isOpen ^= line.StartsWith("```", StringComparison.Ordinal);
        }
        if (kept.Length == 0)
            return room >= Rest.Length ? Rest : "";
        return kept.Append(isOpen ? fence : "").Append(Rest).ToString();
    }
}
