using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>How a reason of the verdict is answered.</summary>
/// <param name="Steps">What the fixing migration does about it.</param>
/// <param name="Problem">What it can't do about it; null when the steps are enough.</param>
/// <param name="Todo">What a person must do then.</param>
internal sealed record FixAnswer(IReadOnlyList<FixStep> Steps, string? Problem = null, string Todo = "")
{
    /// <summary>It needs nothing: what the rule saw is undone, or covered by another step.</summary>
    public static FixAnswer Nothing { get; } = new([]);

    /// <summary>One step is enough.</summary>
    public static FixAnswer By(FixStep step) => new([step]);

    /// <summary>Nothing can be done here.</summary>
    public static FixAnswer Cannot(string problem, string todo) => new([], problem, todo);
}

/// <summary>How reasons of some rules are answered. A fix is a file; <see cref="FixList"/> lists them.</summary>
/// <param name="rules">The ids of the rules whose reasons it answers.</param>
internal abstract class Fix(params string[] rules)
{
    /// <summary>The ids of the rules whose reasons it answers.</summary>
    public IReadOnlyList<string> Rules { get; } = rules;

    /// <summary>Answers a reason; null when it is none that this fix understands.</summary>
    public abstract FixAnswer? Answer(Reason reason, FixContext context);

    /// <summary>The answers of all changes that a reason is about, as one; null when there is none.</summary>
    private protected static FixAnswer? Each<T>(Reason reason, FixContext context, Func<T, string> subject, Func<T, int, FixAnswer> answer) where T : Change
    {
        var answers = context.Changes(reason, subject).Select(found => answer(found.Change, found.Index)).ToList();
        if (answers.Count == 0)
            return null;
        var problem = answers.FirstOrDefault(one => one.Problem is not null);
        return new FixAnswer([.. answers.SelectMany(one => one.Steps)], problem?.Problem, problem?.Todo ?? "");
    }

    /// <summary>An <c>ALTER TABLE</c>.</summary>
    private protected static RunSql Alter(ObjectName table, string action) => RunSql.Of($"ALTER TABLE {SqlName.Of(table)} {action}");
}
