namespace Runback.Runbook.Migrations.Rules;

/// <summary>Rules as lines for people.</summary>
public static class RuleText
{
    /// <summary>One line for each rule.</summary>
    public static IEnumerable<string> List() => RuleList.All.OrderBy(rule => rule.Id, StringComparer.Ordinal)
        .Select(rule => $"  {rule.Id,-26} {rule.Severity,-9} {rule.Page.Problem}");

    /// <summary>A rule's page.</summary>
    public static IEnumerable<string> Page(Rule rule) =>
    [
        $"{rule.Id} ({rule.Severity})", "", $"Problem: {rule.Page.Problem}", "", $"Why it hurts the release before: {rule.Page.Why}", "", $"What to do: {rule.Page.Remedy}",
    ];
}
