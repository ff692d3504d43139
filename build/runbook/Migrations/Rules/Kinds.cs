using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>The kinds of objects in words.</summary>
internal static class Kinds
{
    /// <summary>A kind in lower case: <c>materialized view</c>.</summary>
    public static string Name(ObjectKind kind) => InWords(kind.ToString());

    /// <summary>A kind of constraint in lower case: <c>foreign key</c>.</summary>
    public static string Name(ConstraintKind kind) => InWords(kind.ToString());

    private static string InWords(string kind) =>
        string.Concat(kind.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
