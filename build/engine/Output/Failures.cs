using System.Reflection;

namespace Runback.Engine.Output;

/// <summary>Turns an exception into what a person reads.</summary>
internal static class Failures
{
    /// <summary>The message of the exception and of what caused it, and the hint that one of them carries in a property <c>Hint</c>.</summary>
    public static (string Message, string? Hint) Describe(Exception exception, bool withStack)
    {
        exception = Unwrap(exception);
        if (withStack)
            return (exception.ToString(), HintOf(exception));
        var message = exception.Message.Trim();
        for (var cause = exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (!message.Contains(cause.Message, StringComparison.Ordinal))
                message += $"\n  caused by: {cause.Message.Trim()}";
        }

        return (message.Length > 0 ? message : exception.GetType().Name, HintOf(exception));
    }

    /// <summary>What was thrown, without the wrappings of tasks and reflection.</summary>
    public static Exception Unwrap(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions.Count: 1 } aggregate => Unwrap(aggregate.InnerExceptions[0]),
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        TypeInitializationException { InnerException: { } inner } => Unwrap(inner),
        _ => exception,
    };

    /// <summary>Whether who threw it annotates the failure for the CI system itself, and says so in <see cref="Exception.Data"/> as <c>annotated</c>.</summary>
    public static bool IsAnnotated(Exception exception) => Unwrap(exception).Data["annotated"] is true;

    private static string? HintOf(Exception exception)
    {
        for (Exception? current = exception; current is not null; current = current.InnerException)
        {
            if (current.GetType().GetProperty("Hint", typeof(string))?.GetValue(current) is string { Length: > 0 } hint)
                return hint;
        }

        return null;
    }
}
