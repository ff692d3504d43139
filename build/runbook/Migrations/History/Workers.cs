namespace Runback.Runbook.Migrations.History;

/// <summary>Spreads independent work over the processors, with little to start up.</summary>
internal static class Workers
{
    private const int FewestEach = 16;

    /// <summary>Calls <paramref name="work"/> for each number below <paramref name="count"/>; returns when all are done.</summary>
    internal static void Run(int count, Action<int> work)
    {
        var next = -1;
        var helpers = new Task[Math.Clamp(count / FewestEach, 1, Environment.ProcessorCount) - 1];
        for (var i = 0; i < helpers.Length; i++)
            helpers[i] = Task.Run(Work);
        Work();
        Task.WaitAll(helpers);

        void Work()
        {
            while (Interlocked.Increment(ref next) is var i && i < count)
                work(i);
        }
    }
}
