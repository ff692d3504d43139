using System.Linq.Expressions;
using Runback.Engine.Binding;
using Runback.Engine.Output;

namespace Runback.Engine.Running;

/// <summary>Checks what scheduled targets require, before anything runs.</summary>
internal static class Requirements
{
    /// <summary>All that is missing.</summary>
    /// <param name="plan">Only its scheduled targets count.</param>
    /// <param name="encrypted">Parameters whose values are there, and not decrypted yet.</param>
    /// <exception cref="UsageException">A requirement names something that is no parameter.</exception>
    public static IReadOnlyList<Missing> Check(NukeBuild build, ParameterCatalog parameters, IReadOnlyList<ExecutableTarget> plan, IReadOnlySet<Parameter> encrypted)
    {
        var missing = new List<Missing>();
        foreach (var parameter in parameters.All.Where(x => x.IsRequired && !encrypted.Contains(x) && IsEmpty(x.Get(build))))
            missing.Add(new Missing(null, parameter, $"{parameter.Option.Kebab} is missing"));

        foreach (var target in plan.Where(x => x.Status == ExecutionStatus.Scheduled))
        {
            foreach (var requirement in target.Definition.Requirements)
            {
                if (Find(build, parameters, target, requirement) is { } found && !(found.Parameter is { } there && encrypted.Contains(there)) && !missing.Any(x => x.What == found.What))
                    missing.Add(found);
            }
        }

        return missing;
    }

    /// <summary>One error that names everything missing.</summary>
    /// <exception cref="UsageException">Something is missing.</exception>
    /// <param name="unread">The variables whose names lack the prefix that they would be read with.</param>
    public static void ThrowIfMissing(IReadOnlyList<Missing> missing, IReadOnlyList<(Parameter? Parameter, string Variable)> unread)
    {
        if (missing.Count == 0)
            return;
        var what = string.Join("; ", missing.Select(x => x.Target is null ? x.What : $"{x.What} (required by {x.Target.Name})"));
        var options = missing.Where(x => x.Parameter is not null).Select(x => x.Parameter!).Distinct().ToList();
        var hint = options.Count == 0 ? null : "give " + string.Join(" ", options.Select(x => x.IsSecret
            ? $"{x.EnvironmentNames[^1]} (in the environment: it is a secret)"
            : x.Option.Kind == OptionKind.Flag ? x.Option.Kebab
            : $"{x.Option.Kebab} {(x.Option.Allowed.Count > 0 ? string.Join('|', x.Option.Allowed) : x.Name.ToUpperInvariant())}"));
        var misnamed = unread.Where(x => x.Parameter is not null && options.Contains(x.Parameter)).Select(x => x.Variable).ToList();
        if (misnamed.Count > 0)
            hint += $"; {string.Join(", ", misnamed)} in the environment is read with the prefix {VariableNames.Prefix} only";
        throw new UsageException(what + ".", hint);
    }

    private static Missing? Find(NukeBuild build, ParameterCatalog parameters, ExecutableTarget target, LambdaExpression requirement)
    {
        if (requirement is Expression<Func<bool>> condition)
        {
            if (Holds(condition, target))
                return null;
            var flag = condition.Body is MemberExpression member ? parameters.Find(member.Member) : null;
            return new Missing(target, flag, flag is null ? $"{Source(condition.Body)} does not hold" : $"{flag.Option.Kebab} is missing");
        }

        var parameter = requirement.Body is MemberExpression { Member: var named } ? parameters.Find(named) : null;
        if (parameter is null)
            throw new UsageException($"Target {target.Name} requires {Source(requirement.Body)}, which is no parameter.", "mark it with [Parameter], or require a condition");
        return IsEmpty(parameter.Get(build)) ? new Missing(target, parameter, $"{parameter.Option.Kebab} is missing") : null;
    }

    private static bool Holds(Expression<Func<bool>> condition, ExecutableTarget target)
    {
        try
        {
            return condition.Compile(preferInterpretation: true)();
        }
        catch (Exception exception)
        {
            var (message, hint) = Failures.Describe(exception, withStack: false);
            // A condition that says itself what is to be done has found the words.
            throw hint is not null ? new UsageException(message, hint)
                : new UsageException($"Target {target.Name} requires {Source(condition.Body)}, which can't be told: {message}");
        }
    }

    /// <summary>The expression as it was written, as near as the compiler keeps it.</summary>
    private static string Source(Expression body)
    {
        var text = body.ToString();
        for (var start = text.IndexOf("value(", StringComparison.Ordinal); start >= 0; start = text.IndexOf("value(", StringComparison.Ordinal))
        {
            var end = text.IndexOf(").", start, StringComparison.Ordinal);
            if (end < 0)
                break;
            text = text.Remove(start, end + 2 - start);
        }

        return text;
    }

    private static bool IsEmpty(object? value) => value switch
    {
        null => true,
        string text => string.IsNullOrWhiteSpace(text),
        Array array => array.Length == 0,
        _ => false,
    };

    /// <summary>Something that a target can't run without.</summary>
    /// <param name="Target">Null when the whole build requires it.</param>
    /// <param name="Parameter">The parameter that would settle it, where one would.</param>
    internal sealed record Missing(ExecutableTarget? Target, Parameter? Parameter, string What);
}
