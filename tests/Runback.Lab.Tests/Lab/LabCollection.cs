namespace Runback.Lab.Tests.Lab;

/// <summary>The tests that share one lab, one after another: what each strategy does.</summary>
[CollectionDefinition("lab")]
public sealed class LabCollection : ICollectionFixture<LabFixture>;

/// <summary>A lab of its own for about half of the tests, beside the others: one lab's tests, one after another, took twice as long as all else.</summary>
public sealed class SecondLab() : LabFixture(For("second", 6));

/// <summary>The tests that share the second lab, one after another: what is refused, looked at, switched and kept secret.</summary>
[CollectionDefinition("second lab")]
public sealed class SecondLabCollection : ICollectionFixture<SecondLab>;
