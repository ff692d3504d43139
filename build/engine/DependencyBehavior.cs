namespace Runback.Engine;

/// <summary>What becomes of the dependencies of a target that is skipped.</summary>
public enum DependencyBehavior
{
    /// <summary>Dependencies that nothing else in the plan needs are skipped too.</summary>
    Skip,

    /// <summary>Dependencies run all the same.</summary>
    Execute,
}
