using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>A dropped enum is created again with its labels; one that was built again without some of them gets those.</summary>
internal sealed class DroppedType() : Fix("drop-type")
{
    public override FixAnswer? Answer(Reason reason, FixContext context) =>
        Each<ObjectDropped>(reason, context, change => change.Name.ToString(), (change, _) => Answer(change.Name, context));

    private static FixAnswer Answer(ObjectName type, FixContext context)
    {
        if (context.EnumsBefore[type] is not { Count: > 0 } labels)
            return FixAnswer.Cannot($"how {type} was made is not known", "create it again as the migrations before say");
        if (context.EnumsAfter[type] is { } kept)
            return new FixAnswer([.. labels.Except(kept, StringComparer.Ordinal).Select(label => LostEnumLabel.Add(type, label))]);
        return FixAnswer.By(new FixStep(
            FixPhase.Types, type.ToString(), $"creates the enum {type} again",
            [RunSql.Of($"CREATE TYPE {SqlName.Of(type)} AS ENUM ({string.Join(", ", labels.Select(SqlName.Literal))})")], [RunSql.Of($"DROP TYPE {SqlName.Of(type)}")]));
    }
}
