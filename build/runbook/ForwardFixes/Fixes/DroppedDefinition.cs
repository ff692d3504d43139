using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>A dropped view, function or procedure is created again by the statement that the history made it with.</summary>
internal sealed class DroppedDefinition() : Fix("drop-view", "drop-function")
{
    public override FixAnswer? Answer(Reason reason, FixContext context) =>
        Each<ObjectDropped>(reason, context, change => change.Name.ToString(), (change, _) => Answer(change.Kind, change.Name, context));

    private static FixAnswer Answer(ObjectKind kind, ObjectName name, FixContext context)
    {
        var isView = kind is ObjectKind.View or ObjectKind.MaterializedView;
        var there = isView ? context.Has(name) : context.HasFunction(name);
        if (there ?? context.After.Object(kind, name) is not null)
            return FixAnswer.Cannot($"there is a {name} again, made by a later migration", $"compare what old code expects of {name} with what it is now");
        var made = context.Created.Where(created => created.Kind == kind && created.Name == name).ToList();
        if (context.Before.Object(kind, name) is null || made is [] || made[^1].Definition is not { } definition || made.Any(created => created.Arguments != made[^1].Arguments))
        {
            return FixAnswer.Cannot(
                $"the definition that {name} had is not known", $"copy the CREATE statement of {name} from the migration that made it, or from the backup (pg_restore -l lists it)");
        }
        // The reader keeps what op.execute was given, in which a colon may be escaped.
        var lines = definition.Replace("\\:", ":", StringComparison.Ordinal).ReplaceLineEndings("\n");
        return FixAnswer.By(new FixStep(
            FixPhase.Views, name.ToString(), $"creates {name} again as it was", [RunSql.Of(lines)], [RunSql.Of($"DROP {Word(kind)} {SqlName.Of(name)}")])
        {
            Remarks = ["its privileges and comments are not brought back"],
        });
    }

    private static string Word(ObjectKind kind) => kind switch
    {
        ObjectKind.View => "VIEW",
        ObjectKind.MaterializedView => "MATERIALIZED VIEW",
        ObjectKind.Procedure => "PROCEDURE",
        _ => "FUNCTION",
    };
}
