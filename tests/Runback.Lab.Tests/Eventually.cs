namespace Runback.Lab.Tests;

/// <summary>Waiting for what happens in its own time, however busy the machine is.</summary>
internal static class Eventually
{
    /// <summary>Asks until the answer is yes; the test's own time limit is the only one.</summary>
    public static async Task IsAsync(Func<Task<bool>> ask)
    {
        while (!await ask())
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    /// <inheritdoc cref="IsAsync(Func{Task{bool}})"/>
    public static Task IsAsync(Func<bool> ask) => IsAsync(() => Task.FromResult(ask()));
}
