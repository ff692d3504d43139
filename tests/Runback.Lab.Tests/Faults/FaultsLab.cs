using Runback.Lab.Tests.Lab;

[assembly: AssemblyFixture(typeof(Runback.Lab.Tests.Faults.FaultsEnd))]

namespace Runback.Lab.Tests.Faults;

/// <summary>A lab for rows of the matrix, so that they run beside the other tests.</summary>
public abstract class FaultsLab(string name, int offset) : LabFixture(For(name, offset))
{
    /// <summary>Whether the last row didn't come to its end: then the next one begins anew.</summary>
    public bool IsSpoilt { get; set; }

    /// <summary>The backup that restores lead to; null before it is taken.</summary>
    public string? Point { get; set; }

    /// <summary>Another backup of the same release; null before it is taken.</summary>
    public string? OtherPoint { get; set; }
}

/// <summary>The lab of the rows that leave the database as it is, and afterwards of those that run alone.</summary>
public abstract class KeptFaultsLab() : FaultsLab("faults", 10)
{
    private static bool _isUp;

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        if (!_isUp)
            await base.InitializeAsync();
        _isUp = true;
    }

    /// <summary>Not with the collection, but at the very end.</summary>
    protected override bool StaysUp => true;

    /// <summary>Takes it down where it is up.</summary>
    public static async ValueTask EndAsync()
    {
        if (_isUp)
            await new EndingLab().DisposeAsync();
        _isUp = false;
    }

    private sealed class EndingLab() : LabFixture(For("faults", 10));
}

/// <summary>The lab of the rows that leave the database as it is.</summary>
public sealed class AppFaultsLab : KeptFaultsLab;

/// <summary>The lab of the rows that undo a migration.</summary>
public sealed class DowngradeFaultsLab() : FaultsLab("downgrade", 14);

/// <summary>The lab of the rows that put a backup in the database's place.</summary>
public sealed class RestoreFaultsLab() : FaultsLab("restore", 16);

/// <summary>The lab of the rows that run alone.</summary>
public sealed class LoneFaultsLab : KeptFaultsLab;

/// <summary>When all tests are over.</summary>
public sealed class FaultsEnd : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => KeptFaultsLab.EndAsync();
}

/// <summary>Those rows, one after another on their lab.</summary>
[CollectionDefinition("faults")]
public sealed class AppFaultsCollection : ICollectionFixture<AppFaultsLab>;

/// <summary>Those rows, one after another on their lab.</summary>
[CollectionDefinition("downgrade faults")]
public sealed class DowngradeFaultsCollection : ICollectionFixture<DowngradeFaultsLab>;

/// <summary>Those rows, one after another on their lab.</summary>
[CollectionDefinition("restore faults")]
public sealed class RestoreFaultsCollection : ICollectionFixture<RestoreFaultsLab>;

/// <summary>Those rows, when everything else is over.</summary>
[CollectionDefinition("lone faults", DisableParallelization = true)]
public sealed class LoneFaultsCollection : ICollectionFixture<LoneFaultsLab>;
