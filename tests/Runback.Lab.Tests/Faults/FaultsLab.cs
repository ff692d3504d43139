using Runback.Lab.Tests.Lab;

[assembly: AssemblyFixture(typeof(Runback.Lab.Tests.Faults.FaultsEnd))]

namespace Runback.Lab.Tests.Faults;

/// <summary>The lab of the matrix: up with the first row, and down when all tests are over, as the rows that run alone come last.</summary>
public abstract class FaultsLab() : LabFixture(For("faults", 10))
{
    private static bool _isUp;

    /// <summary>Whether the last row didn't come to its end: then the next one begins anew.</summary>
    public bool IsSpoilt { get; set; }

    /// <summary>The backup that restores lead to; null before it is taken.</summary>
    public string? Point { get; set; }

    /// <summary>Another backup of the same release; null before it is taken.</summary>
    public string? OtherPoint { get; set; }

    /// <inheritdoc/>
    protected override bool StaysUp => true;

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        if (!_isUp)
            await base.InitializeAsync();
        _isUp = true;
    }

    /// <summary>Takes it down where it is up.</summary>
    public static async ValueTask EndAsync()
    {
        if (_isUp)
            await new EndingLab().DisposeAsync();
        _isUp = false;
    }

    private sealed class EndingLab() : LabFixture(For("faults", 10));
}

/// <summary>The lab for the rows that run beside the other tests.</summary>
public sealed class SharedFaultsLab : FaultsLab;

/// <summary>The lab for the rows that run alone.</summary>
public sealed class LoneFaultsLab : FaultsLab;

/// <summary>When all tests are over.</summary>
public sealed class FaultsEnd : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => FaultsLab.EndAsync();
}

/// <summary>Those rows, one after another on their lab.</summary>
[CollectionDefinition("faults")]
public sealed class SharedFaultsCollection : ICollectionFixture<SharedFaultsLab>;

/// <summary>Those rows, when everything else is over.</summary>
[CollectionDefinition("lone faults", DisableParallelization = true)]
public sealed class LoneFaultsCollection : ICollectionFixture<LoneFaultsLab>;
