using System.Text.RegularExpressions;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Judges constraints of old tables. The same constraint under another name is a rename; a changed one went and came.</summary>
internal static partial class ChangedConstraints
{
    private const string Primary = "p", Unique = "u", Exclusion = "x", Check = "c", ForeignKey = "f";

    public static IEnumerable<ObservedReason> Judge(Comparison comparison)
    {
        var gone = comparison.Gone(CatalogKind.Constraint).ToList();
        var come = comparison.Come(CatalogKind.Constraint).ToList();
        foreach (var before in gone.ToList())
        {
            // The same definition, or one that differs in nothing but when it is checked.
            var match = come.Find(after => after.Table == before.Table && after.Definition == before.Definition)
                ?? come.Find(after => before["type"] == ForeignKey && after.Table == before.Table && Undeferred(after) == Undeferred(before));
            if (match is null)
                continue;
            gone.Remove(before);
            come.Remove(match);
            if (match.Identity != before.Identity)
                yield return Comparison.Reason("rename-constraint", before.Identity, $"constraint {before.Path[^1]} of {CatalogName.Short(before.Table!)} became {match.Path[^1]}");
            else if (match.Definition != before.Definition)
                yield return Comparison.Reason("rename-constraint", before.Identity, $"constraint {before.Name} is checked at another moment");
        }
        foreach (var reason in gone.Where(comparison.HasAllColumns).Select(Gone).Concat(come.SelectMany(after => Come(after, comparison))))
            yield return reason;
    }

    private static ObservedReason Gone(CatalogObject constraint) => constraint["type"] switch
    {
        Primary => Comparison.Reason("change-primary-key", constraint.Table!, $"{CatalogName.Short(constraint.Table!)} has lost its primary key: {constraint.Definition}"),
        Unique or Exclusion => Comparison.Reason("drop-unique", constraint.Identity, $"{constraint.Name} is gone: {constraint.Definition}"),
        _ => Comparison.Reason("drop-constraint", constraint.Identity, $"{constraint.Name} is gone: {constraint.Definition}"),
    };

    private static IEnumerable<ObservedReason> Come(CatalogObject constraint, Comparison comparison)
    {
        var (table, columns) = (constraint.Table!, Comparison.Names(constraint["columns"]));
        var rule = constraint["type"] switch
        {
            Primary => "change-primary-key",
            Unique when columns.Any(column => NeverConflicts(table, column, constraint.Is("nulls not distinct"), comparison)) => null,
            Unique or Exclusion => "add-unique",
            Check when NeverFalse(constraint["expression"], table, comparison) => null,
            Check => "add-check",
            ForeignKey when columns.Any(column => comparison.StaysNull(table, column)) => null,
            _ => "add-foreign-key",
        };
        if (rule is not null)
            yield return Comparison.Reason(rule, rule == "change-primary-key" ? table : constraint.Identity, $"rows of {CatalogName.Short(table)} must satisfy {constraint.Definition}");
    }

    /// <summary>True for a new column whose values in rows of old code never repeat: NULL, or fresh each time.</summary>
    internal static bool NeverConflicts(string table, string column, bool nullsNotDistinct, Comparison comparison) =>
        (!nullsNotDistinct && comparison.StaysNull(table, column)) || comparison.IsFresh(table, column);

    private static bool NeverFalse(string? expression, string table, Comparison comparison) =>
        expression is not null && CheckEvaluation.NeverFalse(Plain(expression), column => comparison.ValueForOldCode(table, column));

    /// <summary>An expression without the schemas of the types that it casts to, as people write it.</summary>
    internal static string Plain(string expression)
    {
        var tokens = Expressions.Read(expression);
        var text = new List<string>();
        for (var i = 0; i < tokens.Count; i++)
        {
            text.Add(tokens[i].Text);
            if (tokens[i].Is("::") && i + 2 < tokens.Count && tokens[i + 1].IsName && tokens[i + 2].Is("."))
                i += 2;
        }
        return string.Join(' ', text);
    }

    private static string Undeferred(CatalogObject constraint) => Deferral().Replace(constraint.Definition, "");

    [GeneratedRegex("( NOT)? DEFERRABLE( INITIALLY (DEFERRED|IMMEDIATE))?$")]
    private static partial Regex Deferral();
}
