using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>A dropped view or function: its definition is not part of what is read from migrations, so where it stands is told.</summary>
internal sealed class DroppedDefinition() : Fix("drop-view", "drop-function")
{
    public override FixAnswer? Answer(Reason reason, FixContext context) =>
        Each<ObjectDropped>(reason, context, change => change.Name.ToString(), (change, _) => FixAnswer.Cannot(
            $"the definition of {change.Name} is needed to create it again", $"copy the CREATE statement of {change.Name} from the last migration before that has it"));
}
