namespace Runback.Runbook.Incidents;

/// <summary>The checklist as people read it.</summary>
public static class ChecklistText
{
    /// <summary>A line for each line, and a hint beneath one that isn't answered.</summary>
    public static IEnumerable<string> Lines(Checklist checklist)
    {
        foreach (var line in checklist.Lines)
        {
            var mark = line.State switch { ChecklistState.Answered => "yes", ChecklistState.Failed => "FAILED", _ => "missing" };
            yield return $"{mark,-8}{line.Title,-23}{line.Evidence}{(line.Link is null ? "" : $" ({line.Link.AbsoluteUri})")}{(line.Blocks ? " (required)" : "")}";
            if (line.State != ChecklistState.Answered && line.Hint is not null)
                yield return $"{"",-31}hint: {line.Hint}";
        }
    }
}
