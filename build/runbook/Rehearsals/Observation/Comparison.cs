using System.Text.Json;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Two schemas side by side, and what a judgement asks of them: what is old, what is new, what came and what went.</summary>
internal sealed class Comparison
{
    private readonly HashSet<string> _before;
    private readonly HashSet<string> _after;
    private readonly string _versionTable;

    public Comparison(CatalogSnapshot before, CatalogSnapshot after, ObservedMigration? observed, string versionTable)
    {
        (Before, After, Observed, _versionTable) = (before, after, observed, versionTable);
        _before = before.Objects.Where(Standing).Select(found => found.Identity).ToHashSet(StringComparer.Ordinal);
        _after = after.Objects.Where(Standing).Select(found => found.Identity).ToHashSet(StringComparer.Ordinal);
        Changes = [.. before.DifferencesTo(after).Where(change => !IsVersionTable(change.Before ?? change.After!))];
        Renamed = (observed?.Renamed ?? []).ToDictionary(renamed => renamed.Identity, renamed => renamed.NewIdentity, StringComparer.Ordinal);
    }

    /// <summary>The old schema.</summary>
    public CatalogSnapshot Before { get; }

    /// <summary>The newer one.</summary>
    public CatalogSnapshot After { get; }

    /// <summary>What was recorded in between.</summary>
    public ObservedMigration? Observed { get; }

    /// <summary>What differs, Alembic's own table left out.</summary>
    public IReadOnlyList<CatalogChange> Changes { get; }

    /// <summary>The old tables and columns with another name now.</summary>
    public IReadOnlyDictionary<string, string> Renamed { get; }

    /// <summary>The changes of a kind.</summary>
    public IEnumerable<CatalogChange> Of(params CatalogKind[] kinds) => Changes.Where(change => kinds.Contains(change.Kind));

    /// <summary>What a kind of parts of old tables lost: removed, or changed to something else, while the table is still there.</summary>
    public IEnumerable<CatalogObject> Gone(CatalogKind kind) =>
        Of(kind).Select(change => change.Before).OfType<CatalogObject>().Where(part => !part.Is("inherited") && Stays(part.Table));

    /// <summary>What a kind of parts of old tables gained.</summary>
    public IEnumerable<CatalogObject> Come(CatalogKind kind) =>
        Of(kind).Select(change => change.After).OfType<CatalogObject>().Where(part => !part.Is("inherited") && WasThere(part.Table));

    /// <summary>True for a table, view, function or other standing object of the old schema.</summary>
    public bool WasThere(string? identity) => identity is not null && _before.Contains(identity);

    /// <summary>True for a standing object of both schemas.</summary>
    public bool Stays(string? identity) => WasThere(identity) && _after.Contains(identity!);

    /// <summary>True for the columns of a part that are all there in the newer schema.</summary>
    public bool HasAllColumns(CatalogObject part) => Names(part["columns"]).All(column => After.Find(CatalogKind.Column, ColumnOf(part.Table!, column)) is not null);

    /// <summary>True for a column that the old schema doesn't have.</summary>
    public bool IsNewColumn(string table, string column) =>
        Before.Find(CatalogKind.Column, ColumnOf(table, column)) is null && After.Find(CatalogKind.Column, ColumnOf(table, column)) is not null;

    /// <summary>True for a new column that stays NULL in every row that old code inserts.</summary>
    public bool StaysNull(string table, string column) => ValueForOldCode(table, column) is (true, null);

    /// <summary>Whether a column is new and, if so, what old code's rows hold there: null for NULL, else the default's expression.</summary>
    public (bool IsNew, string? Default) ValueForOldCode(string table, string column)
    {
        if (!IsNewColumn(table, column))
            return (false, null);
        var found = After.Find(CatalogKind.Column, ColumnOf(table, column))!;
        return (true, found["default"] ?? (found["identity"] is null && found["generated"] is null ? null : "(computed)"));
    }

    /// <summary>True for a new column that the server gives another value in every row.</summary>
    public bool IsFresh(string table, string column) =>
        IsNewColumn(table, column) && After.Find(CatalogKind.Column, ColumnOf(table, column))! is var found
        && (found["identity"] is not null || (found["default"] is { } value && Expressions.IsFreshEachTime(value)));

    /// <summary>True for Alembic's own table, and what belongs to it.</summary>
    public bool IsVersionTable(CatalogObject found) => found.Path.Count > 1 && found.Path[1] == _versionTable;

    /// <summary>The identity of a table's column.</summary>
    public static string ColumnOf(string table, string column) => $"{table}.{CatalogName.Join([column])}";

    /// <summary>The names in an attribute that is a JSON array.</summary>
    public static IReadOnlyList<string> Names(string? array) => array is null ? [] : JsonSerializer.Deserialize<List<string>>(array)!;

    /// <summary>A reason, with the severity of the reading rule of the same id.</summary>
    public static ObservedReason Reason(string rule, string subject, string detail) =>
        new(rule, RuleList.Find(rule)!.Severity, CatalogName.Short(subject), detail);

    private static bool Standing(CatalogObject found) => found.Kind is not (CatalogKind.Constraint or CatalogKind.Trigger or CatalogKind.Rule or CatalogKind.Policy
        or CatalogKind.Inheritance or CatalogKind.Privileges or CatalogKind.Setting or CatalogKind.Other or CatalogKind.Index);
}
