using Xunit.Sdk;
using Xunit.v3;

// A test waits for containers half of its time; more labs than three on two cores only wait for each other.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
[assembly: TestCollectionOrderer(typeof(Runback.Lab.Tests.Lab.LongestFirst))]

namespace Runback.Lab.Tests.Lab;

/// <summary>The collections that share a lab take longest, one test after another: they begin first, and the others fill the time beside them.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = ["lab", "second lab", "faults"];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(collection => Longest.Contains(collection.TestCollectionDisplayName)).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];
}
