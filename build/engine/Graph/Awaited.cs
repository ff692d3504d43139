using System.Reflection;
using System.Runtime.CompilerServices;

namespace Runback.Engine.Graph;

/// <summary>Waits for whatever an action gave back, when it is something to wait for.</summary>
internal static class Awaited
{
    /// <summary>A task that ends when it does, and fails as it does.</summary>
    public static Task Of(object? result) => result switch
    {
        null => Task.CompletedTask,
        Task task => task,
        ValueTask task => task.AsTask(),
        _ => Other(result),
    };

    // ValueTask<T>, and anything else that `await` takes (C# specification, 12.9.9.2).
    private static async Task Other(object result)
    {
        const BindingFlags Public = BindingFlags.Instance | BindingFlags.Public;
        if (result.GetType().GetMethod("GetAwaiter", Public, [])?.Invoke(result, null) is not INotifyCompletion awaiter)
            return;
        var type = awaiter.GetType();
        if (type.GetProperty("IsCompleted", Public)?.GetValue(awaiter) is not true)
        {
            var completed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            awaiter.OnCompleted(completed.SetResult);
            await completed.Task;
        }

        try
        {
            type.GetMethod("GetResult", Public, [])?.Invoke(awaiter, null);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
        }
    }
}
