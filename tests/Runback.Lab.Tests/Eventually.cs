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

    /// <summary>How long the engine may take to remove by itself what it was told to remove at its end.</summary>
    public static TimeSpan EngineTidies { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Sees that nothing is there, once the engine has tidied up.</summary>
    public static async Task EmptyAsync(Func<Task<IReadOnlyList<string>>> look)
    {
        var found = await look();
        for (var until = DateTime.UtcNow + EngineTidies; found.Count > 0 && DateTime.UtcNow < until; found = await look())
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Empty(found);
    }

    /// <inheritdoc cref="IsAsync(Func{Task{bool}})"/>
    public static Task IsAsync(Func<bool> ask) => IsAsync(() => Task.FromResult(ask()));
}
