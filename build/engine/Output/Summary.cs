using System.Globalization;

namespace Runback.Engine.Output;

/// <summary>The table of targets at the end of a run.</summary>
internal static class Summary
{
    /// <summary>The lines of the table, and which of them tell of something bad.</summary>
    public static IEnumerable<(string Text, bool IsBad)> Lines(IReadOnlyList<ExecutableTarget> plan, TimeSpan total)
    {
        var width = Math.Max(12, plan.Max(x => x.Name.Length) + 2);
        yield return ("", false);
        yield return ($"{"Target".PadRight(width)}{"Status",-12}{"Duration",10}", false);
        yield return (new string('─', width + 22), false);
        foreach (var target in plan)
        {
            var duration = target.Duration > TimeSpan.Zero ? Seconds(target.Duration) : "";
            var note = NoteOf(target);
            yield return ($"{target.Name.PadRight(width)}{target.Status,-12}{duration,10}{(note.Length > 0 ? "   " + note : "")}".TrimEnd(), IsBad(target));
        }

        yield return (new string('─', width + 22), false);
        var bad = plan.Where(IsBad).ToList();
        yield return (bad.Count == 0
            ? $"{"Done".PadRight(width + 12)}{Seconds(total),10}"
            : $"{"Failed".PadRight(width + 12)}{Seconds(total),10}", bad.Count > 0);
    }

    /// <summary><c>0.3 s</c>, <c>2 min 05 s</c>.</summary>
    public static string Seconds(TimeSpan time) => time.TotalMinutes < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:00} s");

    /// <summary>Why a target was left out, or what it reported.</summary>
    public static string NoteOf(ExecutableTarget target)
    {
        if (target.OnlyWhen is not null)
            return $"only when {target.OnlyWhen}";
        if (target.Skipped is not null)
            return target.Skipped;
        return string.Join(", ", target.SummaryInformation.Select(x => $"{x.Key}: {x.Value}"));
    }

    private static bool IsBad(ExecutableTarget target) =>
        target.Status is ExecutionStatus.Failed or ExecutionStatus.Aborted or ExecutionStatus.NotRun;
}
