namespace Runback.Lab.Tests.Lab;

/// <summary>The tests that share one lab, one after another.</summary>
[CollectionDefinition("lab")]
public sealed class LabCollection : ICollectionFixture<LabFixture>;
