using Runback.Lab.Tests.Lab;

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

/// <summary>The lab of the rows that leave the database as it is.</summary>
public sealed class AppFaultsLab() : FaultsLab("faults", 10);

/// <summary>The lab of the rows that undo a migration.</summary>
public sealed class DowngradeFaultsLab() : FaultsLab("downgrade", 14);

/// <summary>The lab of the rows that put a backup in the database's place.</summary>
public sealed class RestoreFaultsLab() : FaultsLab("restore", 16);

/// <summary>The lab of the rows that run alone.</summary>
public sealed class LoneFaultsLab() : FaultsLab("alone", 18);

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
