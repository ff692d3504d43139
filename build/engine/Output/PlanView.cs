using System.Text;
using Runback.Engine.Graph;
using Runback.Engine.Running;

namespace Runback.Engine.Output;

/// <summary>Shows a plan: what would run in what order, what each target waits for, and why one would be skipped.</summary>
internal static class PlanView
{
    /// <summary>For people.</summary>
    public static string Text(ExecutionPlan plan, IReadOnlyList<Requirements.Missing> missing)
    {
        var text = new StringBuilder("Plan (nothing runs):\n");
        var number = 0;
        foreach (var target in plan.Targets)
        {
            text.Append($"{++number,3}. {target.Name}");
            if (target.Description is { Length: > 0 } description)
                text.Append($"  {description}");
            text.Append('\n');
            Detail("after", string.Join(", ", Before(plan, target).Select(x => x.Name)));
            Detail("beside", string.Join(", ", Beside(plan, target).Select(x => x.Name)));
            if (target.Status == ExecutionStatus.Skipped)
                Detail("skipped", Summary.NoteOf(target));
            else
                Detail("only when", Condition.Words(target.Definition.DynamicConditions));
            Detail("needs", string.Join("; ", missing.Where(x => x.Target == target).Select(x => x.What)));
            if (target.AssuredAfterFailure)
                Detail("assured", "runs even after a failure");
            if (target.ProceedAfterFailure)
                Detail("on failure", "the run goes on");
        }

        foreach (var item in missing.Where(x => x.Target is null))
            text.Append($"Needed by every run: {item.What}\n");
        return text.ToString();

        void Detail(string label, string value)
        {
            if (value.Length > 0)
                text.Append($"       {label}: {value}\n");
        }
    }

    /// <summary>For programs.</summary>
    public static string Json(ExecutionPlan plan, IReadOnlyList<Requirements.Missing> missing) => JsonDocuments.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("targets");
        foreach (var target in plan.Targets)
        {
            writer.WriteStartObject();
            writer.WriteString("name", target.Name);
            writer.WriteString("description", target.Description);
            writer.WriteBoolean("invoked", target.Invoked);
            Names("dependsOn", target.ExecutionDependencies.Where(plan.Targets.Contains).Select(x => x.Name));
            Names("after", Before(plan, target).Select(x => x.Name));
            Names("beside", Beside(plan, target).Select(x => x.Name));
            Names("triggeredBy", target.TriggerDependencies.Where(plan.Targets.Contains).Select(x => x.Name));
            writer.WriteString("skipped", target.Status == ExecutionStatus.Skipped ? Summary.NoteOf(target) : null);
            Names("onlyWhen", target.Definition.DynamicConditions.Select(x => x.Text));
            Names("missing", missing.Where(x => x.Target == target).Select(x => x.What));
            writer.WriteBoolean("assuredAfterFailure", target.AssuredAfterFailure);
            writer.WriteBoolean("proceedAfterFailure", target.ProceedAfterFailure);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        Names("missing", missing.Where(x => x.Target is null).Select(x => x.What));
        writer.WriteEndObject();

        void Names(string property, IEnumerable<string> names)
        {
            writer.WriteStartArray(property);
            foreach (var name in names)
                writer.WriteStringValue(name);
            writer.WriteEndArray();
        }
    });

    /// <summary>What the target waits for, without what those wait for in turn.</summary>
    private static IEnumerable<ExecutableTarget> Before(ExecutionPlan plan, ExecutableTarget target)
    {
        var direct = plan.WaitsFor(target);
        return plan.Targets.Where(x => direct.Contains(x) && !direct.Any(y => y != x && plan.IsBefore(x, y)));
    }

    private static IEnumerable<ExecutableTarget> Beside(ExecutionPlan plan, ExecutableTarget target) =>
        plan.Targets.Where(x => x != target && x.Definition.Actions.Count > 0 && target.Definition.Actions.Count > 0
            && !plan.IsBefore(x, target) && !plan.IsBefore(target, x));
}
