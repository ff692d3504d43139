using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Judges what stands between old code and its rows: triggers, rewrite rules, policies, privileges, partitions.</summary>
internal static class ChangedGuards
{
    public static IEnumerable<ObservedReason> Judge(Comparison comparison) =>
        comparison.Changes.SelectMany(change => change.Kind switch
        {
            CatalogKind.Trigger => Trigger(change, comparison),
            CatalogKind.Rule => Rule(change, comparison),
            CatalogKind.Policy => Policy(change, comparison),
            CatalogKind.Inheritance => Inheritance(change, comparison),
            CatalogKind.Privileges => Privileges(change, comparison),
            _ => [],
        });

    private static IEnumerable<ObservedReason> Trigger(CatalogChange change, Comparison comparison)
    {
        if (change.After is { } come && change.Difference == CatalogDifference.Added)
        {
            if (comparison.WasThere(come.Table))
                yield return Comparison.Reason(Passes(come, comparison) ? "add-trigger" : "add-guard", come.Identity, $"writes to {CatalogName.Short(come.Table!)} run {come["function"]}");
        }
        else if (comparison.Stays(change.Before!.Table))
            yield return Comparison.Reason("change-trigger", change.Identity, $"trigger {change.Before.Name} {(change.After is null ? "is gone" : "was switched or altered")}");
    }

    // The reading rule tells from the function's body whether it can refuse or skip.
    private static bool Passes(CatalogObject trigger, Comparison comparison)
    {
        if (comparison.After.Find(CatalogKind.Function, trigger["function"] ?? "")?["trigger body"] is not { } body)
            return false;
        var name = ObjectName.Of("function");
        var schema = new SchemaState();
        schema.Apply(new ObjectCreated(ObjectKind.Function, name) { Body = body });
        return AddTrigger.Passes(new TriggerCreated(ObjectName.Of("table"), "trigger") { Function = name, After = trigger.Is("after") }, new RuleContext(schema, 0));
    }

    private static IEnumerable<ObservedReason> Rule(CatalogChange change, Comparison comparison)
    {
        if (change.Difference == CatalogDifference.Added)
        {
            if (comparison.WasThere(change.After!.Table))
                yield return Comparison.Reason("add-guard", change.Identity, $"statements on {CatalogName.Short(change.After.Table!)} are rewritten");
        }
        else if (comparison.Stays(change.Before!.Table))
            yield return Comparison.Reason("change-trigger", change.Identity, $"rule {change.Before.Name} is gone or was altered");
    }

    private static IEnumerable<ObservedReason> Policy(CatalogChange change, Comparison comparison)
    {
        if (change.Difference == CatalogDifference.Added)
        {
            if (comparison.WasThere(change.After!.Table))
                yield return change.After.Is("permissive")
                    ? Comparison.Reason("add-policy", change.Identity, $"policy {change.After.Name} allows more")
                    : Comparison.Reason("change-policy", change.Identity, $"policy {change.After.Name} restricts");
        }
        else if (comparison.Stays(change.Before!.Table))
            yield return Comparison.Reason("change-policy", change.Identity, $"policy {change.Before.Name} {(change.After is null ? "is gone" : "was altered")}");
    }

    private static IEnumerable<ObservedReason> Inheritance(CatalogChange change, Comparison comparison)
    {
        var link = change.Before ?? change.After!;
        var (child, parent) = (link.Table!, CatalogName.Join([link["parent schema"]!, link["parent"]!]));
        var (childName, parentName) = (CatalogName.Short(child), CatalogName.Short(parent));
        if (change.Difference == CatalogDifference.Added)
        {
            if (comparison.WasThere(child))
                yield return Comparison.Reason("change-partitions", child, $"{childName} became a part of {parentName}");
            else if (comparison.WasThere(parent) && !(link.Is("partition") && IsPlain(child, parent, comparison)))
                yield return Comparison.Reason("attach-partition", parent, $"{childName} became a part of {parentName}");
        }
        else if (comparison.Stays(child) && comparison.Stays(parent))
            yield return Comparison.Reason("change-partitions", parent, $"{childName} is no longer the part of {parentName} that it was");
    }

    // Made as a partition, without checks or triggers of its own: it brings no rows, and only lets more in.
    private static bool IsPlain(string child, string parent, Comparison comparison) =>
        comparison.Observed is { Gaps.Count: 0 } observed
        && !observed.Commands.Any(command => command.Tag == "ALTER TABLE" && (command.Identity == parent || command.Identity == child))
        && !comparison.After.Objects.Any(part => part.Table == child && !part.Is("inherited")
            && part.Kind is CatalogKind.Constraint or CatalogKind.Trigger or CatalogKind.Rule or CatalogKind.Policy && part.Table == child);

    private static IEnumerable<ObservedReason> Privileges(CatalogChange change, Comparison comparison)
    {
        if (change.Before is not { } before || !(before["of"] is "column" or "relation" or "function" or "type" or "schema") || !comparison.Stays(before.Table))
            yield break;
        var lost = before.Definition.Split(", ").Except(change.After?.Definition.Split(", ") ?? []).ToList();
        if (lost.Count > 0)
            yield return Comparison.Reason("revoke-privileges", change.Identity, $"privileges were revoked: {string.Join(", ", lost)} on {CatalogName.Short(change.Identity)}");
    }
}
