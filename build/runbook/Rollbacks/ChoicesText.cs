using System.Globalization;

namespace Runback.Runbook.Rollbacks;

/// <summary>The page of choices for people: what each does, costs and loses, and the command for it.</summary>
public static class ChoicesText
{
    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<StrategyChoice> choices)
    {
        yield return "";
        yield return "The choices, in the runbook's order of preference:";
        foreach (var choice in choices)
        {
            yield return $"  {choice.Strategy}: {choice.Meaning}";
            if (!choice.IsOpen)
            {
                yield return $"      not open: {choice.WhyNot}";
                continue;
            }
            var downtime = choice.DowntimeSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"about {seconds:0.0} s") : "not measured";
            yield return $"      downtime: {downtime}; lost: {choice.Loss ?? "not measured"}";
            yield return $"      $ {choice.Command}";
        }
    }
}
