using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Faults;

/// <summary>The matrix's own lab, so that it runs beside the other tests.</summary>
public sealed class FaultsLab() : LabFixture(For("faults", 10))
{
    /// <summary>Whether the last row didn't come to its end: then the next one begins anew.</summary>
    public bool IsSpoilt { get; set; }

    /// <summary>The backup that restores lead to; null before it is taken.</summary>
    public string? Point { get; set; }

    /// <summary>Another backup of the same release; null before it is taken.</summary>
    public string? OtherPoint { get; set; }
}

/// <summary>The rows of the matrix, one after another on that lab.</summary>
[CollectionDefinition("faults")]
public sealed class FaultsCollection : ICollectionFixture<FaultsLab>;
