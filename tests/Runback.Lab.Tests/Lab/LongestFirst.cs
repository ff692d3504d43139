using Xunit.Sdk;
using Xunit.v3;

// A test waits for containers half of its time; more labs than three on two cores only wait for each other.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
[assembly: TestCollectionOrderer(typeof(Runback.Lab.Tests.Lab.LongestFirst))]

namespace Runback.Lab.Tests.Lab;

/// <summary>
/// The collections that share a lab take longest, one test after another: they begin first, and the others fill the time beside them. Collections are queued in this
/// order on the thread pool, whose queueing thread takes from the end and whose others take from the beginning: two stand there, and one at the end.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Place(collection.TestCollectionDisplayName)).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    private static int Place(string collection) => collection switch
    {
        "lab" => 0,
        "faults" => 1,
        "second lab" => 3,
        _ => 2,
    };
}
