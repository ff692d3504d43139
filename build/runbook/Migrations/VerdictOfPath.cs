using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.Migrations;

/// <summary>Judges the migrations between two releases, each alone and all together.</summary>
public static class VerdictOfPath
{
    /// <summary>
    /// Judges a path. Each migration is judged alone, against everything before it; and as a part of the path, where what the
    /// path created earlier is new to old code and may be changed freely. A path that begins with the first migration of all has
    /// no release before it: its verdict is the worst of the single ones.
    /// </summary>
    /// <param name="path">The migrations, oldest first, each after those that it follows.</param>
    /// <param name="history">
    /// The migrations before the path, oldest first, as far as they are known: they tell what type a column had or whether an index is
    /// unique. Without them the verdict is only more careful.
    /// </param>
    public static PathAssessment Assess(IReadOnlyList<MigrationScript> path, IReadOnlyList<MigrationScript>? history = null) => Assess(path, history, []);

    /// <summary>The same, where a gate allows rules.</summary>
    internal static PathAssessment Assess(IReadOnlyList<MigrationScript> path, IReadOnlyList<MigrationScript>? history, IReadOnlyList<string> allowed)
    {
        var byFile = path.DistinctBy(script => script.File).ToDictionary(script => script.File, StringComparer.Ordinal);
        List<Reason> Weighed(IEnumerable<Reason> reasons, MigrationScript? script = null) =>
            [.. reasons.Select(reason => Weigh(reason, byFile.GetValueOrDefault(reason.At.File) ?? script, allowed))];
        history ??= [];
        var fromBase = IsClosed([.. history, .. path]);
        var schema = new SchemaState { FromBase = fromBase };
        foreach (var script in history)
            Replay(script, schema);
        var whole = history.Count == 0 && fromBase ? null : new RuleContext(schema, history.Count);
        var revisions = new List<RevisionAssessment>();
        foreach (var script in path)
            revisions.Add(Assess(script, schema, whole, reasons => Weighed(reasons, script)));
        var reasons = revisions.SelectMany(revision => revision.ReasonsInPath).ToList();
        if (whole is not null)
            reasons = [.. reasons, .. Weighed(AtEnd(whole))];
        return new PathAssessment(revisions.ToValueList(), VerdictOf.Reasons(reasons), reasons.ToValueList());
    }

    // A comment of the migration, or the gate's list, allows a finding; a comment only when it gives a reason.
    private static Reason Weigh(Reason reason, MigrationScript? script, IReadOnlyList<string> allowed)
    {
        if (allowed.Contains(reason.Rule))
            return reason.AllowedFor("by --allow");
        if (script?.Allowances.Where(allowance => allowance.Covers(reason.Rule, reason.At.Line)).ToList() is not { Count: > 0 } found)
            return reason;
        return found.Find(allowance => allowance.Why.Length > 0) is { } given
            ? reason.AllowedFor(given.Why)
            : reason with { Detail = $"{reason.Detail} (allowed without a reason, which counts for nothing)" };
    }

    private static RevisionAssessment Assess(MigrationScript script, SchemaState schema, RuleContext? whole, Func<IEnumerable<Reason>, List<Reason>> weighed)
    {
        var alone = new RuleContext(schema, schema.Migration);
        var reasons = new List<Reason>();
        var reasonsInPath = new List<Reason>();
        var types = new Dictionary<Change, string>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < script.Upgrade.Count; i++)
        {
            var change = script.Upgrade[i];
            alone.GoTo(script.Upgrade, i);
            whole?.GoTo(script.Upgrade, i);
            Know(change, schema, types);
            reasons.AddRange(Judge(change, alone));
            if (whole is not null)
                reasonsInPath.AddRange(Judge(change, whole));
            schema.Apply(change);
        }
        reasons = weighed(reasons.Concat(AtEnd(alone)));
        reasonsInPath = weighed(reasonsInPath);
        foreach (var change in script.Downgrade)
            Know(change, schema, types);
        schema.Migration++;
        var inPath = whole is null ? reasons : reasonsInPath;
        return new RevisionAssessment(
            script, VerdictOf.Reasons(reasons), reasons.ToValueList(), VerdictOf.Reasons(inPath), inPath.ToValueList(), VerdictOfDowngrade.Assess(script, types));
    }

    private static void Know(Change change, SchemaState schema, Dictionary<Change, string> types)
    {
        if (change is ColumnTypeChanged changed && schema.Table(changed.Table)?.Columns.GetValueOrDefault(changed.Column)?.Spec.Type is { } type)
            types[change] = type;
    }

    private static IEnumerable<Reason> Judge(Change change, RuleContext context)
    {
        foreach (var rule in RuleList.All)
            foreach (var finding in rule.Judge(change, context))
                yield return rule.ToReason(finding, change.At);
    }

    private static IEnumerable<Reason> AtEnd(RuleContext context)
    {
        foreach (var rule in RuleList.All)
            foreach (var finding in rule.JudgeEnd(context))
                yield return rule.ToReason(finding, SourceLine.None);
    }

    private static void Replay(MigrationScript script, SchemaState schema)
    {
        foreach (var change in script.Upgrade)
            schema.Apply(change);
        schema.Migration++;
    }

    private static bool IsClosed(IReadOnlyList<MigrationScript> scripts)
    {
        var known = scripts.Select(script => script.Revision).ToHashSet(StringComparer.Ordinal);
        return scripts.All(script => script.DownRevisions.All(known.Contains));
    }
}
